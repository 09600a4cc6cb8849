// Recorded walks: decoding (the counterpart of tape.py) and the pose at any moment between steps.
(function (W) {
  "use strict";

  async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Undo low and high planes, zigzag and differences of one column. */
  function readColumn(planes, half, start, length, out, offset, stride, quanta) {
    let sum = 0;
    for (let t = 0; t < length; t++) {
      const folded = planes[start + t] + 256 * planes[half + start + t];
      sum += folded & 1 ? -((folded + 1) >> 1) : folded >> 1;
      out[offset + t * stride] = sum / quanta;
    }
  }

  W.decodeTape = async function (data) {
    const planes = await inflate(W.bytesOf(data.tape));
    const { steps, nodes, feet, seen } = data;
    const length = steps + 1;
    const half = planes.length / 2;
    const walk = {
      steps, nodes, feet, seenWidth: seen, reached: data.reached, score: data.score,
      position: new Float32Array(length * nodes * 2),
      grip: new Float32Array(length * feet),
      seen: new Float32Array(length * seen),
    };
    const groups = [
      [walk.position, 2 * nodes, data.quanta[0]],
      [walk.grip, feet, data.quanta[1]],
      [walk.seen, seen, data.quanta[2]],
    ];
    let start = 0;
    for (const [out, width, quanta] of groups) {
      for (let c = 0; c < width; c++, start += length) {
        readColumn(planes, half, start, length, out, c, width, quanta);
      }
    }
    return walk;
  };

  /** Slope at a sample from the changes before and after it: no overshoot, so that feet stand. */
  function slope(before, after) {
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  }

  function curve(values, width, c, i, last, f) {
    const at = (k) => values[W.clamp(k, 0, last) * width + c];
    const p1 = at(i), p2 = at(i + 1);
    const change = p2 - p1;
    const m1 = slope(p1 - at(i - 1), change), m2 = slope(change, at(i + 2) - p2);
    const f2 = f * f, f3 = f2 * f;
    return (2 * f3 - 3 * f2 + 1) * p1 + (f3 - 2 * f2 + f) * m1 +
      (3 * f2 - 2 * f3) * p2 + (f3 - f2) * m2;
  }

  /** A pose to fill: positions x0, y0, x1, ... and grips. */
  W.newPose = (walk) => ({
    position: new Float32Array(walk.nodes * 2),
    grip: new Float32Array(walk.feet),
  });

  /** The pose at a time in control steps, smooth between them. */
  W.poseAt = function (walk, time, pose) {
    const at = W.clamp(time, 0, walk.steps);
    const i = Math.min(Math.floor(at), walk.steps - 1);
    const f = at - i;
    const width = walk.nodes * 2;
    for (let c = 0; c < width; c++) {
      pose.position[c] = curve(walk.position, width, c, i, walk.steps, f);
    }
    for (let k = 0; k < walk.feet; k++) {
      const a = walk.grip[i * walk.feet + k], b = walk.grip[(i + 1) * walk.feet + k];
      pose.grip[k] = a + (b - a) * f;
    }
    return pose;
  };

  /** The mean of a body's head nodes in a pose, and the unit vector along which it looks. */
  W.headOf = function (body, position, out) {
    let x = 0, y = 0;
    for (const node of body.head) {
      x += position[2 * node];
      y += position[2 * node + 1];
    }
    const [left, right] = body.across;
    const ax = position[2 * right] - position[2 * left];
    const ay = position[2 * right + 1] - position[2 * left + 1];
    const length = Math.hypot(ax, ay) || 1;
    out.x = x / body.head.length;
    out.y = y / body.head.length;
    out.fx = -ay / length;
    out.fy = ax / length;
    return out;
  };
})(window.WALKER);
