// Policy files of the visitor's own: dropped onto the page or chosen, they join the race.
(function (W) {
  "use strict";

  let count = 0;

  /** Put a policy among the site's entries, as one that walks from memory; its id. */
  W.addGuest = function (site, policy) {
    const id = "own-" + ++count, body = W.dressed(policy.body), digest = "own-body-" + count;
    site.bodies[digest] = body;
    const champion = { ...policy, id, body }, drawn = W.drawnNetwork(policy.network, body);
    site.entries.push({ id, name: policy.name, algorithm: policy.algorithm, body: digest, network: true, champion, drawn });
    return id;
  };

  /** Let policy files join the race, as many as there is room for; says what cannot be read. */
  W.joinRace = async function (race, files) {
    const added = [];
    for (const file of files) {
      try {
        const policy = await W.policyOf(new Uint8Array(await file.arrayBuffer()));
        added.push(W.addGuest(race.site, policy));
      } catch (error) {
        race.say(file.name + " cannot race: " + error.message, 8000);
      }
    }
    if (!added.length) return;
    race.picker.refresh();
    const entries = [...added, ...race.shown.entries].slice(0, W.MOST);
    await race.open({ ...race.shown, entries, time: 0, follow: added[0], camera: "auto", paused: false });
  };

  W.connectGuests = function (race) {
    const field = W.byId("ownfile"), box = W.byId("race");
    field.addEventListener("change", () => {
      W.byId("picker").close();
      W.joinRace(race, Array.from(field.files)).then(() => (field.value = ""));
    });
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.dataset.dropping = "true";
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) delete box.dataset.dropping;
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      delete box.dataset.dropping;
      const files = Array.from(event.dataTransfer.files);
      if (files.length) W.joinRace(race, files);
    });
  };
})(window.WALKER);
