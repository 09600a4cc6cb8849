// What must outlive a reload, in the browser's own database; where there is none, nothing is kept.
(function (W) {
  "use strict";

  const NAME = "walker_env", STORE = "shelf";

  function open() {
    return new Promise((resolve, reject) => {
      if (!window.indexedDB) reject(new Error("no database"));
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => reject(asked.error);
    });
  }

  async function ask(mode, act) {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const deed = base.transaction(STORE, mode), asked = act(deed.objectStore(STORE));
        deed.oncomplete = () => resolve(asked.result);
        deed.onerror = deed.onabort = () => reject(deed.error);
      });
    } finally {
      base.close();
    }
  }

  /** Promises: what was kept under a name, or undefined; and whether it could be kept. */
  W.shelf = {
    get: (name) => ask("readonly", (store) => store.get(name)).catch(() => undefined),
    put: (name, value) => ask("readwrite", (store) => store.put(value, name)).then(() => true, () => false),
  };
})(window.WALKER);
