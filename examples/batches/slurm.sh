#!/bin/bash
# An array job for Slurm: each task runs its share of the files of `proceedings batch export work` through vLLM.
#
#   proceedings batch export work
#   MODEL=Qwen/Qwen3-8B sbatch --array=0-7 examples/batches/slurm.sh work
#   proceedings batch import work
#
# A file is done once its replies are there, so a job that was killed goes on where it was when you submit it again.
#SBATCH --job-name=proceedings
#SBATCH --gres=gpu:1
#SBATCH --time=04:00:00
set -euo pipefail

folder=$1
number=${SLURM_ARRAY_TASK_ID:-0}
tasks=${SLURM_ARRAY_TASK_COUNT:-1}
files=("$folder"/requests-*.jsonl)

for ((at = number; at < ${#files[@]}; at += tasks)); do
    requests=${files[at]}
    replies=$folder/replies-${requests##*/requests-}
    if [ -s "$replies" ]; then
        continue
    fi
    # vLLM writes at the end. Only a whole file gets a name that `batch import` reads.
    vllm run-batch --input-file "$requests" --output-file "$replies.part" \
        --model "$MODEL" --served-model-name "${SERVED_MODEL_NAME:-$MODEL}"
    mv "$replies.part" "$replies"
done
