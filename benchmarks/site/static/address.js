// What the address says: #course=disc-1&entries=a,b&t=12.3&follow=a&camera=all&speed=2&paused=1
(function (W) {
  "use strict";

  W.MOST = 8; // entries in a race
  W.CAMERAS = ["auto", "follow", "all", "course"];
  W.SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

  const number = (text, low, high, otherwise) => {
    const value = Number.parseFloat(text);
    return Number.isFinite(value) ? W.clamp(value, low, high) : otherwise;
  };

  /** The race that an address asks for; whatever it gets wrong is as usual. */
  W.readAddress = function (site, hash) {
    const asked = new URLSearchParams(hash.replace(/^#/, ""));
    const known = new Set(site.entries.map((entry) => entry.id));
    const named = (asked.get("entries") || "").split(",").filter((id) => known.has(id));
    const entries = Array.from(new Set(named)).slice(0, W.MOST);
    const course = asked.get("course"), follow = asked.get("follow");
    const speed = number(asked.get("speed"), 0.25, 8, 1);
    return {
      course: site.courses.some((c) => c.id === course) ? course : site.courses[0].id,
      entries: entries.length ? entries : site.featured.slice(0, W.MOST),
      time: number(asked.get("t"), 0, 1e4, 0),
      follow,
      camera: W.CAMERAS.includes(asked.get("camera")) ? asked.get("camera") : follow ? "follow" : "auto",
      speed: W.SPEEDS.includes(speed) ? speed : 1,
      paused: asked.get("paused") === "1",
    };
  };

  W.writeAddress = function (race) {
    const parts = [
      "course=" + race.course,
      "entries=" + race.entries.join(","),
      "t=" + Math.max(0, race.time).toFixed(1),
      race.follow ? "follow=" + race.follow : "",
      "camera=" + race.camera,
      "speed=" + race.speed,
      race.paused ? "paused=1" : "",
    ];
    return "#" + parts.filter(Boolean).join("&");
  };
})(window.WALKER);
