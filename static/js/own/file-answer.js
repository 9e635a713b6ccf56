// <file-answer> around the list of files that are given to a field, and the field that takes more: a chosen file is sent at once, with its
// progress, can be stopped meanwhile, and listed with a box to keep it or not. One that was not sent is sent again under the same name,
// which makes no second file. Without scripts the files come with the form.
// Attributes: src (where to send), name (of the boxes), most (files), and the sentences sending-label, sent-label, failed-label and
// many-label; {name} stands for the file.
{
  class FileAnswer extends HTMLElement {
    connectedCallback() {
      this.listening = new AbortController();
      const on = (target, type, listener) => target.addEventListener(type, listener, { signal: this.listening.signal });
      on(this, "change", (event) => event.target.type === "file" && this.take(event.target));
      on(this.querySelector("[data-stop]"), "click", () => this.stop());
      on(this.querySelector("[data-again]"), "click", () => this.begin(this.left.splice(0)));
      // A form that is sent while a file is on its way waits for it.
      if (this.closest("form"))
        on(this.closest("form"), "submit", (event) => {
          if (!this.sending) return;
          event.preventDefault();
          event.stopImmediatePropagation();
          const { submitter } = event;
          this.sending.then(() => this.closest("form").requestSubmit(submitter));
        });
    }

    disconnectedCallback() {
      this.listening.abort();
      this.stop();
    }

    left = []; // what was not sent, to be sent again

    get kept() {
      return [...this.querySelectorAll("[data-files] input")].filter((box) => box.checked).length;
    }

    take(field) {
      const key = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
      const files = [...field.files].map((file) => ({ file, key: key() }));
      field.value = "";
      this.begin(files);
    }

    begin(files) {
      this.querySelector("[data-again]").hidden = true;
      this.sending = this.sendAll(files).finally(() => (this.sending = null));
    }

    // stop ends what is on its way, and what waits behind it.
    stop() {
      this.stopped = true;
      this.request?.abort();
    }

    async sendAll(files) {
      const bar = this.querySelector("progress");
      const stop = this.querySelector("[data-stop]");
      this.stopped = false;
      for (const { file, key } of files) {
        if (this.stopped) break;
        if (this.kept >= Number(this.getAttribute("most"))) {
          this.say(this.getAttribute("many-label"));
          break;
        }
        bar.value = 0;
        bar.hidden = stop.hidden = false;
        this.say(this.words("sending-label", file.name));
        try {
          this.list(await this.send(file, key, (part) => (bar.value = Math.round(part * 100))));
          this.say(this.words("sent-label", file.name));
        } catch (problem) {
          this.say(this.stopped ? "" : problem.message || this.words("failed-label", file.name));
          if (problem.passing) this.left.push({ file, key });
        }
      }
      bar.hidden = stop.hidden = true;
      this.querySelector("[data-again]").hidden = this.left.length === 0;
    }

    // send uses what tells how far it is, which fetch does not.
    send(file, key, progress) {
      return new Promise((resolve, reject) => {
        const request = (this.request = new XMLHttpRequest());
        const failed = (words, passing) => reject(Object.assign(new Error(words), { passing }));
        request.open("POST", this.getAttribute("src"));
        request.setRequestHeader("Accept", "application/json");
        request.setRequestHeader("Idempotency-Key", key);
        request.responseType = "json";
        request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
        request.onload = () => {
          if (request.status === 201) resolve(request.response);
          else failed(request.response?.errors?.[0]?.message ?? "", request.status >= 500 || request.status === 429);
        };
        request.onerror = () => failed("", true);
        request.onabort = () => failed("", false);
        const body = new FormData();
        body.append("file", file);
        request.send(body);
      });
    }

    list(file) {
      const line = document.createElement("li");
      const label = document.createElement("label");
      label.className = "choice";
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: this.getAttribute("name"), value: String(file.id), checked: true });
      const text = document.createElement("span");
      text.className = "choice-text";
      text.textContent = file.name;
      label.append(box, text);
      line.append(label);
      this.querySelector("[data-files]").append(line);
      box.dispatchEvent(new Event("change", { bubbles: true })); // so that the draft keeps it
    }

    words(label, name) {
      return (this.getAttribute(label) ?? "").replace("{name}", name);
    }

    say(words) {
      this.querySelector("[data-said]").textContent = words;
    }
  }
  customElements.define("file-answer", FileAnswer);
}
