// <file-answer> around the list of files that are given to a field, and the field that takes more: a chosen file is sent at once, with its
// progress, and listed with a box to keep it or not. Without scripts the files come with the form.
// Attributes: src (where to send), name (of the boxes), most (files), and the sentences sending-label, sent-label, failed-label and
// many-label; {name} stands for the file.
{
  class FileAnswer extends HTMLElement {
    connectedCallback() {
      this.listening = new AbortController();
      const on = (target, type, listener) => target.addEventListener(type, listener, { signal: this.listening.signal });
      on(this, "change", (event) => event.target.type === "file" && this.take(event.target));
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
    }

    get kept() {
      return [...this.querySelectorAll("[data-files] input")].filter((box) => box.checked).length;
    }

    take(field) {
      const files = [...field.files];
      field.value = "";
      this.sending = this.sendAll(files).finally(() => (this.sending = null));
    }

    async sendAll(files) {
      const bar = this.querySelector("progress");
      for (const file of files) {
        if (this.kept >= Number(this.getAttribute("most"))) {
          this.say(this.getAttribute("many-label"));
          break;
        }
        bar.value = 0;
        bar.hidden = false;
        this.say(this.words("sending-label", file.name));
        try {
          this.list(await this.send(file, (part) => (bar.value = Math.round(part * 100))));
          this.say(this.words("sent-label", file.name));
        } catch (problem) {
          this.say(problem.message || this.words("failed-label", file.name));
        }
      }
      bar.hidden = true;
    }

    // send uses what tells how far it is, which fetch does not.
    send(file, progress) {
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", this.getAttribute("src"));
        request.setRequestHeader("Accept", "application/json");
        request.responseType = "json";
        request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
        request.onload = () => {
          if (request.status === 201) resolve(request.response);
          else reject(new Error(request.response?.errors?.[0]?.message ?? ""));
        };
        request.onerror = () => reject(new Error());
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
