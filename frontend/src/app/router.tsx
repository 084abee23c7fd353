import { createBrowserRouter } from "react-router";

import { AppLayout } from "./AppLayout";
import { CrashPage } from "./routes/CrashPage";
import { NotFoundPage } from "./routes/NotFoundPage";

/** Each page is a file of its own, loaded when it is first opened. */
export function createRouter() {
  return createBrowserRouter([
    {
      path: "/",
      element: <AppLayout />,
      errorElement: <CrashPage />,
      hydrateFallbackElement: <div />,
      children: [
        {
          errorElement: <CrashPage />,
          children: [
            { index: true, lazy: () => import("./routes/NewAnalysisPage") },
            { path: "analyses", lazy: () => import("./routes/AnalysesPage") },
            { path: "analyses/:id", lazy: () => import("./routes/ResultPage") },
            { path: "batches", lazy: () => import("./routes/BatchesPage") },
            { path: "batches/:id", lazy: () => import("./routes/BatchPage") },
            { path: "compare/:a/:b", lazy: () => import("./routes/ComparePage") },
            { path: "shared", lazy: () => import("./routes/SharedPage") },
            { path: "models", lazy: () => import("./routes/ModelsPage") },
            { path: "models/upload", lazy: () => import("./routes/UploadVersionPage") },
            { path: "models/history", lazy: () => import("./routes/ModelHistoryPage") },
            { path: "models/comparisons/:id", lazy: () => import("./routes/ComparisonPage") },
            { path: "models/:id", lazy: () => import("./routes/VersionPage") },
            { path: "about", lazy: () => import("./routes/AboutPage") },
            { path: "sign-in", lazy: () => import("./routes/SignInPage") },
            { path: "account", lazy: () => import("./routes/AccountPage") },
            { path: "audit", lazy: () => import("./routes/AuditPage") },
            { path: "monitoring", lazy: () => import("./routes/MonitoringPage") },
            { path: "settings", lazy: () => import("./routes/SettingsPage") },
            { path: "users", lazy: () => import("./routes/UsersPage") },
            { path: "welcome/:uid/:token", lazy: () => import("./routes/WelcomePage") },
            { path: "programs", lazy: () => import("./routes/ProgramsPage") },
            { path: "*", element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}
