// A classic script, loaded before the first paint, so that a dark page never flashes white.
(() => {
  const key = "sandbox.theme";
  const asked = new URLSearchParams(window.location.search).get("theme"); // for this window only
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = asked === "dark" || asked === "light" ? asked : null;
  const stored = () => {
    if (chosen) return chosen;
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null; // storage is switched off: follow the system
    }
  };
  const apply = () => {
    document.documentElement.dataset.theme = stored() || (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  apply();
  window.sandboxTheme = {
    current: () => document.documentElement.dataset.theme,
    toggle() {
      const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      if (chosen) chosen = next;
      else remember(next);
      document.documentElement.dataset.theme = next;
      return next;
    },
  };
  // What the system asks for anyway is not remembered: the page goes on following the system.
  function remember(next) {
    try {
      if ((next === "dark") === system.matches) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, next);
    } catch {
      // not remembered, but still shown
    }
  }
})();
