// Numbers as text and back: base64 of little-endian arrays.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /** The bytes of a base64 text. */
  W.bytesOf = function (text) {
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
  };

  /** A base64 text as numbers of a kind of typed array. */
  W.numbersOf = (text, kind) => new kind(W.bytesOf(text).buffer);

  /** The bytes of a typed array; every machine that has a browser is little-endian. */
  W.asBytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
})(globalThis.WALKER);
