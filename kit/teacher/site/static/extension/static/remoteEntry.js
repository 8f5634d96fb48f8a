// What the site adds to JupyterLab: a module-federation container, written by hand.
(window._JUPYTERLAB ??= {})["who-says-so"] = (() => {
  const COMMAND = "who-says-so:hand-in", LARGEST = 5_000_000, PATIENCE = 30_000;
  const AWAY = "The teacher's laptop does not answer. Your page is saved in this browser, and nothing is lost. "
    + "Try again in a moment, or download the page and give the file to your teacher.";
  let shared;

  async function module(name) {
    const [found] = Object.values(shared[name]);
    return (await found.get())();
  }

  function each(tracker, action) {
    tracker.widgetAdded.connect((_, panel) => action(panel));
    tracker.forEach(action);
  }

  // Tells each kernel, before anything else runs in it, which page is its own (as Jupyter Server does), and lets the kit
  // watch the cells from the first one on (as `python -m kit` does); and leads from a page back to the first one.
  function watch(panel) {
    const logo = document.getElementById("jp-NotebookLogo");
    if (logo) Object.assign(logo, { href: "../index.html", target: "_self", title: "The first page of the course" });
    const begin = (path) => `__import__("kit.page.hook").page.hook.begin(get_ipython(), ${JSON.stringify(`/drive/${path}`)})`;
    const tell = (kernel) => kernel?.requestExecute({ code: begin(panel.context.path), silent: true, store_history: false });
    panel.sessionContext.kernelChanged.connect((_, { newValue }) => tell(newValue));
    panel.sessionContext.connectionStatusChanged.connect((_, status) => { // after a restart
      if (status === "connected") tell(panel.sessionContext.session?.kernel);
    });
    tell(panel.sessionContext.session?.kernel);
  }

  // What the class answers; `status` is 0 where nobody does.
  async function ask(path, content) {
    const options = content === undefined ? {} : { method: "POST", body: content, headers: { "Content-Type": "application/json" } };
    try {
      const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
      return { status: answer.status, told: await answer.json() };
    } catch {
      return { status: 0, told: { said: AWAY } };
    }
  }

  const about = (model) => model?.getMetadata("kit") ?? {};
  const pageOf = (model) => about(model).exercise ?? about(model).lesson;

  // “Hand in” on the toolbar of each page, where the teacher's laptop serves the site (`python -m kit class`); on any
  // other server nothing is shown.
  async function offerHandIn(app, tracker) {
    const [{ PageConfig }, { Dialog, ToolbarButton, showDialog }, { NotebookActions }] =
      await Promise.all(["@jupyterlab/coreutils", "@jupyterlab/apputils", "@jupyterlab/notebook"].map(module));
    const home = `${PageConfig.getBaseUrl()}class/`;
    const { status, told } = await ask(`${home}here`);
    if (status !== 200 || !("name" in told)) return;

    let busy = false;
    async function handIn() {
      if (busy) return; // Enter on the button is a key and a click
      busy = true;
      await send(tracker.currentWidget).finally(() => { busy = false; });
    }

    async function send(panel) {
      if (!panel) return;
      const saved = await panel.context.save().then(() => true, () => false);
      const content = JSON.stringify(panel.context.model.toJSON());
      if (new Blob([content]).size >= LARGEST) {
        return say("Not handed in", "This page is too large. Choose Edit → Clear Outputs of All Cells, and hand it in again.");
      }
      const { status, told } = await ask(`${home}hand-in`, content);
      if (status === 200) {
        const time = new Date(told.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
        return say("Handed in", `${told.page} is with your teacher since ${time}. Your receipt: ${told.code}. `
          + "Changed something afterwards? Hand it in again: the last one counts.");
      }
      if (status === 401) return join();
      const words = told.said ?? AWAY;
      await offer(panel, saved ? words : words.replace("Your page is saved in this browser, and nothing is lost. ",
        "This browser could not save your page: download it now. "));
    }

    const say = (title, body) => showDialog({ title, body, buttons: [Dialog.okButton()] });

    async function join() {
      const open = Dialog.okButton({ label: "Open the page of the class" });
      const body = "Not handed in yet: you are not in the class. Open its page, type the code and your name, come back here, and press Hand in again.";
      const { button } = await showDialog({ title: "Join the class first", body, buttons: [Dialog.cancelButton(), open] });
      if (button.accept) window.open(home, "class");
    }

    async function offer(panel, body) {
      const buttons = [Dialog.cancelButton({ label: "Later" }), Dialog.okButton({ label: "Download" })];
      const { button } = await showDialog({ title: "Not handed in yet", body, buttons });
      if (!button.accept) return;
      // Made here, since no server may be there to download it from.
      const file = new Blob([JSON.stringify(panel.context.model.toJSON(), null, 1)], { type: "application/x-ipynb+json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = panel.context.path.split("/").pop();
      link.click();
    }

    app.commands.addCommand(COMMAND, { label: "Hand in", caption: "Send this page to the teacher's laptop", execute: handIn });
    each(tracker, (panel) => panel.context.ready.then(() => {
      if (!pageOf(panel.context.model)) return;
      const button = new ToolbarButton({ label: "Hand in", tooltip: "Send this page to the teacher's laptop", onClick: handIn });
      panel.toolbar.insertItem(0, "hand-in", button);
    }));

    // How far one is: which checks were run. Only for counts, so nothing is said where it does not get through.
    NotebookActions.executed.connect((_, { notebook, cell }) => {
      const { role, question } = about(cell.model), page = pageOf(notebook.model);
      if (role === "check" && page) for (const one of question.split(" ")) ask(`${home}reached`, JSON.stringify({ page, question: one }));
    });
  }

  return {
    init: (scope) => { shared = scope; },
    get: async () => {
      const { INotebookTracker } = await module("@jupyterlab/notebook");
      const plugin = (name, activate) => ({ id: `who-says-so:${name}`, autoStart: true, requires: [INotebookTracker], activate });
      const plugins = [plugin("page", (_, tracker) => each(tracker, watch)), plugin("hand-in", offerHandIn)];
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
