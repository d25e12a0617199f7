// A classic script in the head, so that the right colours are there before the first paint.
// Kept in a cookie because the port, and with it the store of the browser, is another one at each start.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wish = /(?:^|; )failover-theme=(light|dark)/.exec(document.cookie)?.[1];
    document.documentElement.dataset.theme = wish || (dark.matches ? "dark" : "light");
    document.documentElement.dataset.themeWish = wish || "system";
  };
  dark.addEventListener("change", apply);
  document.addEventListener("failover:theme", (event) => {
    document.cookie = `failover-theme=${event.detail}; max-age=31536000; path=/; samesite=strict`;
    apply();
  });
  apply();
})();
