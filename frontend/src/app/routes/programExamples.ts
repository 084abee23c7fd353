/** Ready to copy: they ran as they stand against a server with a token in CV4LN_TOKEN. */
export const sendWithCurl = (site: string) => `export CV4LN_TOKEN=…   # your token
curl -s -H "Authorization: Bearer $CV4LN_TOKEN" \\
  -F image_2d=@node-2d.png -F image_cdfi=@node-cdfi.png \\
  -F image_elastography=@node-elasto.png -F case_label=N-17 \\
  ${site}/api/v1/analyses/
# the answer carries an id; ask until its state is succeeded, partial or failed
curl -s -H "Authorization: Bearer $CV4LN_TOKEN" ${site}/api/v1/analyses/ID/`;

export const sendWithPython = (site: string) => `import os, time
import requests  # pip install requests

api = "${site}/api/v1"
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["CV4LN_TOKEN"]

with open("node-2d.png", "rb") as image:
    sent = session.post(f"{api}/analyses/", files={"image_2d": image}, data={"case_label": "N-17"})
sent.raise_for_status()
analysis = sent.json()
while analysis["state"] in ("queued", "running"):
    time.sleep(0.5)
    analysis = session.get(f"{api}/analyses/{analysis['id']}/").json()
for prediction in analysis["predictions"]:
    print(prediction["modality"], prediction["probabilities"] or prediction["failure"])`;

export const listWithCurl = (site: string) =>
  `curl -s -H "Authorization: Bearer $CV4LN_TOKEN" "${site}/api/v1/analyses/?label=N-17"`;
