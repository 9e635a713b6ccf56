// Sending one file, with how far it is. fetch does not tell that.

// newKey names a sending: sent again under the same name it leads to the same file.
export function newKey() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}

// A Problem has a sentence for the author, and says whether sending the file again can help.
export class Problem extends Error {
  constructor(sentence, passing) {
    super(sentence);
    this.passing = passing;
  }
}

// upload resolves with what the server says of the file, or with null where the signal has ended it.
export function upload(address, file, { key, say, signal, progress }) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(null);
    const request = new XMLHttpRequest();
    const failed = () => reject(new Problem(say("upload_offline"), true));
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => lengthComputable && progress((100 * loaded) / total);
    request.onload = () => {
      const { status, response } = request;
      if (status === 201 && response) resolve(response);
      else if (response?.detail) reject(new Problem(response.detail, status >= 500 || status === 429));
      else failed();
    };
    request.onerror = failed;
    request.onabort = () => resolve(null);
    signal.addEventListener("abort", () => request.abort());
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}
