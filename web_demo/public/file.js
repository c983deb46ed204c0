// Says why nothing happens where the page was opened as a file, whose modules never run.
if (location.protocol === "file:") {
  document.getElementById("file").hidden = false;
  document.querySelector("main").hidden = true;
}
