/** Where the examples go, and with which token; without one, the reader fills it in. */
export interface Target {
  site: string;
  token: string | null;
}

const BEARER = '"Authorization: Bearer $CV4LN_TOKEN"';

/** Ready to copy: with a token in CV4LN_TOKEN they run as they stand. */
export const sendWithCurl = ({
  site,
  token,
}: Target) => `export CV4LN_TOKEN=${token ?? "…   # your token"}
curl -s -H ${BEARER} \\
  -F image_2d=@node-2d.png -F image_cdfi=@node-cdfi.png \\
  -F image_elastography=@node-elasto.png -F case_label=N-17 \\
  ${site}/api/v1/analyses/
# the answer carries an id; ask until its state is succeeded, partial or failed
curl -s -H ${BEARER} ${site}/api/v1/analyses/ID/`;

export const sendWithPython = ({ site, token }: Target) => `import time
import requests  # pip install requests

api = "${site}/api/v1"
session = requests.Session()
session.headers["Authorization"] = "Bearer ${token ?? "YOUR TOKEN"}"

with open("node-2d.png", "rb") as image:
    sent = session.post(f"{api}/analyses/", files={"image_2d": image}, data={"case_label": "N-17"})
sent.raise_for_status()
analysis = sent.json()
while analysis["state"] in ("queued", "running"):
    time.sleep(0.5)
    analysis = session.get(f"{api}/analyses/{analysis['id']}/").json()
for prediction in analysis["predictions"]:
    print(prediction["modality"], prediction["probabilities"] or prediction["failure"])`;

/** Every PNG of a folder as one case; a full queue is waited for, and nothing is sent twice. */
export const batchWithPython = ({ site, token }: Target) => `import pathlib, time
import requests  # pip install requests

api = "${site}/api/v1"
session = requests.Session()
session.headers["Authorization"] = "Bearer ${token ?? "YOUR TOKEN"}"

batch = session.post(f"{api}/batches/", json={"name": "Screening"}).json()["id"]
for path in sorted(pathlib.Path("images").glob("*.png")):
    while True:
        sent = session.post(
            f"{api}/batches/{batch}/cases/",
            files={"image_2d": path.read_bytes()},
            data={"case_label": path.stem},
            headers={"Idempotency-Key": f"{batch}-{path.stem}"},
        )
        if sent.status_code not in (429, 503):
            break
        time.sleep(int(sent.headers["Retry-After"]))
    if not sent.ok:
        print(path.name, "refused:", sent.json()["detail"])
while session.get(f"{api}/batches/{batch}/").json()["waiting"]:
    time.sleep(2)
pathlib.Path("answers.csv").write_bytes(session.get(f"{api}/batches/{batch}/results.csv").content)`;

export const listWithCurl = ({ site }: Target) =>
  `curl -s -H ${BEARER} "${site}/api/v1/analyses/?label=N-17"`;
