// The copy buttons. Without this script they stay hidden, and the addresses can be copied by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the page is not served over HTTPS
    }
    button.firstElementChild.textContent = "Copied";
    document.getElementById("copied").textContent = "The address is copied. Paste it into your feed reader.";
  });
}
