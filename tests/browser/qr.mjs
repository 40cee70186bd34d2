// Reads a QR code as a phone does, from the picture.

import { requireOracle } from "../oracles/node-dir.mjs";

const read = requireOracle("jsqr");

/** The text of the code in an SVG element. */
export async function decode(svg) {
  const side = 400;
  // One character for each pixel: many numbers take long from the browser to here.
  const dots = await svg.evaluate(async (element, side) => {
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(element))}`;
    await picture.decode();
    const context = Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
    context.drawImage(picture, 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    return Array.from({ length: side * side }, (_, pixel) => (data[4 * pixel] < 128 ? "#" : " ")).join("");
  }, side);
  const pixels = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let pixel = 0; pixel < dots.length; pixel += 1) if (dots[pixel] === "#") pixels.fill(0, 4 * pixel, 4 * pixel + 3);
  const code = read(pixels, side, side);
  if (!code) throw new Error("the picture is no QR code");
  return code.data;
}
