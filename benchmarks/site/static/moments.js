// The moment of a race: in the address when something was chosen, in the session when the page is left.
(function (W) {
  "use strict";

  const SOON = 300; // milliseconds
  const LATEST = "walker-race"; // in the session's storage: the moment at which the page was left

  /** The same race at the moment at which this page was left, if it was this one. */
  W.leftAt = function (wish) {
    try {
      const left = JSON.parse(sessionStorage.getItem(LATEST) || "null");
      sessionStorage.removeItem(LATEST);
      return left && left.hash === location.hash ? { ...wish, time: left.time, paused: left.paused } : wish;
    } catch (error) {
      return wish; // storage is off, or holds something else
    }
  };

  /** Let a race keep its moment: `keep()`, `keepSoon()`, `leave()` and `share()`. */
  W.keepMoments = function (race) {
    const moment = () => ({
      time: race.stage.seconds(), camera: race.stage.camera.mode, speed: race.stage.speed, paused: !race.stage.playing,
    });
    /** Keep the address in step with what was chosen, without filling the history. */
    race.keep = function () {
      if (!race.shown) return;
      const { follow, ...shown } = Object.assign(race.shown, moment());
      race.written = W.writeAddress({ ...shown, follow: shown.camera === "auto" ? null : follow });
      if (race.written !== location.hash) history.replaceState(null, "", race.written);
    };
    let soon = 0;
    /** The same when nothing more has come for a while: a slider or a held key gives many moments. */
    race.keepSoon = function () {
      clearTimeout(soon);
      soon = setTimeout(race.keep, SOON);
    };
    /** Remember the moment for a reload: while it plays the address does not run along. */
    race.leave = function () {
      if (!race.shown) return;
      const { time, paused } = moment();
      try {
        sessionStorage.setItem(LATEST, JSON.stringify({ hash: location.hash, time: Math.max(0, time), paused }));
      } catch (error) {
        return; // storage is off: nothing to remember
      }
    };
    race.share = async function () {
      race.keep();
      try {
        await navigator.clipboard.writeText(location.href.split("#")[0] + race.written);
        W.say("The link to this moment is in the clipboard.", 2500);
      } catch (error) {
        W.say("The address bar holds the link to this moment.", 4000); // no clipboard here
      }
    };
  };
})(window.WALKER);
