import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { Preview } from "@/api/types";
import { anAnalysis, aSession } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { UploadForm } from "./components/UploadForm";
import { DraftProvider } from "./DraftProvider";

const server = setupServer(http.get("*/api/v1/auth/session/", () => HttpResponse.json(aSession())));
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

beforeEach(() => {
  // jsdom decodes no picture: any PNG counts as one of 560 × 420.
  HTMLImageElement.prototype.decode = () => Promise.resolve();
  vi.spyOn(HTMLImageElement.prototype, "naturalWidth", "get").mockReturnValue(560);
  vi.spyOn(HTMLImageElement.prototype, "naturalHeight", "get").mockReturnValue(420);
});

const png = (name: string) => new File([bytes("\u0089PNG\r\n\u001a\n")], name);
const dicom = (name: string) => new File([bytes("\0".repeat(128) + "DICM")], name);
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const PREVIEW: Preview = {
  format: "dicom",
  width: 160,
  height: 120,
  frame: 3,
  frame_count: 7,
  region: [20, 10, 120, 100],
  suggested_modality: "cdfi",
  picture: "data:image/png;base64,AAAA",
  stills: [{ frame: 5, picture: "data:image/jpeg;base64,BBBB" }],
};

function show(onAccepted = vi.fn(() => Promise.resolve())) {
  const session = aSession();
  renderInApp(
    <DraftProvider limits={session.limits}>
      <UploadForm onAccepted={onAccepted} />
    </DraftProvider>,
    { session },
  );
  return onAccepted;
}

const slot = (modality: string) => within(screen.getByTestId(`slot-${modality}`));
const status = (modality: string) => screen.getByTestId(`slot-${modality}`).dataset.status;
const choose = (...files: File[]) => userEvent.upload(screen.getByTestId("files-input"), files);

describe("UploadForm", () => {
  it("sorts three files, asks whether that is right, and swaps two with one click", async () => {
    show();
    await choose(png("elasto.png"), png("b-mode.png"), png("cdfi.png"));
    await waitFor(() => expect(status("elastography")).toBe("ready"));
    expect(slot("cdfi").getByText("by its file name")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Yes, all right" }));
    expect(slot("cdfi").queryByText("by its file name")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Swap 2D and CDFI" }));
    expect(slot("2d").getByRole("button", { name: "Looks like CDFI" })).toBeVisible();
  });

  it("lets pick where there are more images than fields", async () => {
    show();
    await choose(png("a.png"), png("b-mode.png"), png("cdfi.png"), png("c.png"));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getAllByRole("checkbox", { checked: true })).toHaveLength(2);
    await userEvent.click(dialog.getByRole("button", { name: "Use these 2 images" }));
    await waitFor(() => expect(status("cdfi")).toBe("ready"));
    expect(status("2d")).toBe("ready");
    expect(status("elastography")).toBe("empty");
  });

  it("shows a cine by the server, and sends the chosen frame and the scanner's region", async () => {
    let sent: FormData | undefined;
    server.use(
      http.post("*/api/v1/previews/", () => HttpResponse.json(PREVIEW)),
      http.post("*/api/v1/analyses/", async ({ request }) => {
        sent = await request.formData();
        return HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    const onAccepted = show();
    await choose(dicom("IM0001"));
    await waitFor(() => expect(status("cdfi")).toBe("ready"));
    expect(slot("cdfi").getByText("as the DICOM header says")).toBeVisible();
    expect(slot("cdfi").getByTestId("region")).toBeInTheDocument();
    const scrubber = slot("cdfi").getByRole("slider", { name: "Frame" });
    for (let press = 0; press < 2; press += 1) fireEvent.keyDown(scrubber, { keyCode: 39 });
    expect(slot("cdfi").getByText("6 / 7")).toBeVisible();
    const picture = slot("cdfi").getByRole("img", { name: /image you chose/ });
    expect(picture).toHaveAttribute("src", PREVIEW.stills[0]?.picture);
    await userEvent.click(screen.getByRole("button", { name: "Fields are right: submit" }));
    await waitFor(() => expect(onAccepted).toHaveBeenCalled());
    expect(sent?.get("frame_cdfi")).toBe("5");
    expect(sent?.get("region_cdfi")).toBe("20,10,120,100");
  });

  it("sets a region in exact numbers", async () => {
    show();
    await choose(png("b-mode.png"));
    await waitFor(() => expect(status("2d")).toBe("ready"));
    await userEvent.click(slot("2d").getByRole("button", { name: "Choose the region" }));
    const dialog = within(await screen.findByRole("dialog"));
    const width = dialog.getByRole("spinbutton", { name: "Width" });
    await userEvent.clear(width);
    await userEvent.type(width, "200{Enter}");
    expect(dialog.getByRole("status")).toHaveTextContent("200 × 420 of 560 × 420");
    dialog.getByTestId("crop-box").focus();
    await userEvent.keyboard("{Shift>}{ArrowRight}{/Shift}{Alt>}{ArrowUp}{/Alt}");
    await userEvent.click(dialog.getByRole("button", { name: "Use this region" }));
    expect(slot("2d").getByText(/200 × 419/)).toBeVisible();
  });

  it("brings back what was taken out", async () => {
    show();
    await choose(png("cdfi.png"));
    await waitFor(() => expect(status("cdfi")).toBe("ready"));
    await userEvent.click(screen.getByRole("button", { name: "Yes, all right" }));
    await userEvent.click(slot("cdfi").getByRole("button", { name: "Remove" }));
    expect(status("cdfi")).toBe("empty");
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(status("cdfi")).toBe("ready");
  });

  it("keeps everything when the server fails, and sends it again with one click", async () => {
    let calls = 0;
    server.use(
      http.post("*/api/v1/analyses/", () => {
        calls += 1;
        return calls === 1
          ? HttpResponse.json({ code: "internal_error" }, { status: 500 })
          : HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    const onAccepted = show();
    await choose(png("cdfi.png"));
    await waitFor(() => expect(status("cdfi")).toBe("ready"));
    await userEvent.click(screen.getByRole("button", { name: "Fields are right: submit" }));
    const problem = within(await screen.findByTestId("submit-problem"));
    expect(status("cdfi")).toBe("ready");
    await userEvent.click(problem.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(onAccepted).toHaveBeenCalled());
  });
});
