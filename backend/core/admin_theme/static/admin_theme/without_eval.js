/*
 * The admin's theme is written for Alpine.js with eval. We serve Alpine's build without (see alpine.js beside the
 * theme's own files), so that our content security policy stays the same everywhere: no inline script, no eval.
 * It reads most of the theme's expressions; the few that it can't are put into words here, before Alpine starts.
 */
document.addEventListener("alpine:init", () => {
  const SIDEBAR = "sidebarDesktopOpen";

  // Functions of the theme's app.js that its markup calls by name.
  for (const name of ["theme", "searchForm", "searchDropdown"]) {
    Alpine.data(name, (...parts) => window[name](...parts));
  }

  // <body>: a declaration with localStorage, and an arrow function.
  const firstTab = /activeTab: '([^']*)'/.exec(document.body.getAttribute("x-data") ?? "")?.[1] ?? "";
  Alpine.data("adminBody", () => ({
    activeTab: (firstTab && currentTab()) || firstTab,
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem(SIDEBAR) !== "0",
    init() {
      this.$watch(SIDEBAR, (open) => localStorage.setItem(SIDEBAR, open ? "1" : "0"));
    },
  }));
  document.body.setAttribute("x-data", "adminBody");
  document.body.removeAttribute("x-init");

  // The switch of the side bar: two statements, of which the watch above makes the second needless.
  for (const element of document.querySelectorAll('[x-on\\:click*="localStorage"]')) {
    element.setAttribute("x-on:click", `${SIDEBAR} = !${SIDEBAR}`);
  }

  // A form's address with the open tab in it: the browser sends a form to its own page anyway.
  for (const form of document.querySelectorAll("form[x-bind\\:action]")) {
    form.removeAttribute("x-bind:action");
  }

  // The palette of commands is switched off; its empty shell stays in the page.
  document.querySelector('[x-data="searchCommand()"]')?.remove();

  function currentTab() {
    return typeof getCurrentTab === "function" ? getCurrentTab() : "";
  }
});
