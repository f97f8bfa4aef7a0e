// Copying an address, and handing it to another app. What a browser cannot do stays hidden; the links
// and the address beside it need no script.

const told = document.getElementById("share-told");

function reveal(need) {
  document.querySelector(`[data-needs="${need}"]`).hidden = false;
}

async function copy({ currentTarget: button }) {
  const { copies, done, failed } = button.dataset;
  try {
    await navigator.clipboard.writeText(document.getElementById(copies).textContent);
    told.textContent = done;
  } catch {
    told.textContent = failed;
  }
}

async function share({ currentTarget: button }) {
  const { title, shares: url } = button.dataset;
  try {
    await navigator.share({ title, url });
  } catch {
    // Whoever changed their mind needs no word about it.
  }
}

// Only pages over HTTPS have it.
if (navigator.clipboard) {
  reveal("clipboard");
  document.querySelector("[data-copies]").addEventListener("click", copy);
}

if (navigator.share) {
  reveal("share");
  document.querySelector("[data-shares]").addEventListener("click", share);
}
