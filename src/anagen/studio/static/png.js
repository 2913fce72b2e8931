// A link to a picture as SVG with data-png="name.png" gives it as PNG: drawn by the browser, three times as large.
// Without this module the link gives the SVG.
const SCALE = 3;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-png]");
  if (!link) return;
  event.preventDefault();
  const answer = await fetch(link.href);
  if (!answer.ok) return location.assign(link.href);
  const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  const [, , width, height] = drawn.getAttribute("viewBox").split(/\s+/).map(Number);
  drawn.setAttribute("width", width);
  drawn.setAttribute("height", height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const file = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: link.dataset.png });
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1000);
  }, "image/png");
});
