// The stored theme, before the first paint. Colours here are those of src/lib/palette.ts (a test compares).
(function () {
  var theme = "dark";
  try {
    if (localStorage.getItem("theme") === "light") theme = "light";
  } catch {
    // A blocked storage leaves the default.
  }
  document.documentElement.dataset.theme = theme;
  document.documentElement.style.background = theme === "light" ? "#f6f7f9" : "#0b0f14";
})();
