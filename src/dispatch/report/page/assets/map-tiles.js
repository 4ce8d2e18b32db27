// Raster tiles under the streets, fetched only after the reader has asked for them.
const tiles = { on: false, images: new Map() };
const EARTH_M = 2 * Math.PI * 6378137;
const TILE_PX = 256;

function tileLayer(pen) {
  if (!tiles.on) return;
  const zoom = Math.max(0, Math.min(19, Math.round(
    Math.log2((EARTH_M * data.shrink * view.scale) / TILE_PX))));
  const size = (EARTH_M * data.shrink) / 2 ** zoom;
  const [left, top] = tileOrigin();
  const column = (px) => Math.floor((left + view.x + (px - view.width / 2) / view.scale) / size);
  const row = (py) => Math.floor((top + view.y + (py - view.height / 2) / view.scale) / size);
  for (let x = column(0); x <= column(view.width); x++) {
    for (let y = row(0); y <= row(view.height); y++) {
      const image = tile(zoom, x, y);
      if (!image) continue;
      const [px, py] = onScreen([x * size - left, y * size - top]);
      pen.drawImage(image, px, py, size * view.scale + 0.5, size * view.scale + 0.5);
    }
  }
}

// How far the map's centre lies east and south of the corner of the world's map.
function tileOrigin() {
  const [lat, lon] = data.centre.map((degrees) => (degrees * Math.PI) / 180);
  const world = EARTH_M * data.shrink;
  const mercator = Math.log(Math.tan(Math.PI / 4 + lat / 2));
  return [(0.5 + lon / (2 * Math.PI)) * world, (0.5 - mercator / (2 * Math.PI)) * world];
}

function tile(z, x, y) {
  const count = 2 ** z;
  if (y < 0 || y >= count) return null;
  const address = data.tiles.replace("{z}", z).replace("{y}", y)
    .replace("{x}", ((x % count) + count) % count);
  if (!tiles.images.has(address)) {
    const image = new Image();
    image.onload = () => { image.ready = true; redrawMap(); };
    image.src = address;
    tiles.images.set(address, image);
  }
  const image = tiles.images.get(address);
  return image.ready ? image : null;
}

const tileSwitch = document.getElementById("tiles");
if (tileSwitch) {
  tileSwitch.addEventListener("change", () => {
    tiles.on = tileSwitch.checked;
    redrawMap();
  });
}
