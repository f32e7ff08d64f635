// How every dialog is opened and ended.

/** Opens a dialog; gives what is handed to the function that `take` gets, or nothing where one leaves. */
export function openDialog(dialog, take) {
  dialog.showModal();
  return new Promise((give) => {
    take(give);
    const end = () => {
      // The browser tells of a closing late; a dialog that is open again by then goes on.
      if (dialog.open) return;
      dialog.removeEventListener("close", end);
      give(undefined);
    };
    dialog.addEventListener("close", end);
  });
}
