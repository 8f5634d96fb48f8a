// Tells each kernel, before anything else runs in it, which page is its own (as Jupyter Server does), and lets the kit
// watch the cells from the first one on (as `python -m kit` does); and leads from a page back to the first one. A
// module-federation container, written by hand.
(window._JUPYTERLAB ??= {})["who-says-so-page"] = (() => {
  let shared;

  const begin = (path) => `__import__("kit.page.hook").page.hook.begin(get_ipython(), ${JSON.stringify(`/drive/${path}`)})`;

  function watch(panel) {
    const logo = document.getElementById("jp-NotebookLogo");
    if (logo) Object.assign(logo, { href: "../index.html", target: "_self", title: "The first page of the course" });
    const tell = (kernel) => kernel?.requestExecute({ code: begin(panel.context.path), silent: true, store_history: false });
    panel.sessionContext.kernelChanged.connect((_, { newValue }) => tell(newValue));
    panel.sessionContext.connectionStatusChanged.connect((_, status) => { // after a restart
      if (status === "connected") tell(panel.sessionContext.session?.kernel);
    });
    tell(panel.sessionContext.session?.kernel);
  }

  return {
    init: (scope) => { shared = scope; },
    get: async () => {
      const [notebook] = Object.values(shared["@jupyterlab/notebook"]);
      const { INotebookTracker } = (await notebook.get())();
      const plugin = {
        id: "who-says-so-page:plugin",
        autoStart: true,
        requires: [INotebookTracker],
        activate: (_, tracker) => {
          tracker.widgetAdded.connect((_, panel) => watch(panel));
          tracker.forEach(watch);
        },
      };
      return () => ({ __esModule: true, default: [plugin] });
    },
  };
})();
