"""Addresses of the `outcomes` app, under /api/v1/."""

from django.urls import path

from backend.outcomes import monitoring_views, report_views, views

urlpatterns = [
    path("monitoring/", monitoring_views.MonitoringView.as_view(), name="monitoring"),
    path("monitoring/answers.csv", monitoring_views.MonitoringExportView.as_view(), name="monitoring-export"),
    path("analyses/<uuid:pk>/report.pdf", report_views.AnalysisReportView.as_view(), name="analysis-report"),
    path("analyses/<uuid:pk>/read/", views.ReadView.as_view(), name="analysis-read"),
    path("analyses/<uuid:pk>/verdict/", views.VerdictView.as_view(), name="analysis-verdict"),
    path("analyses/<uuid:pk>/pathology/", views.PathologyView.as_view(), name="analysis-pathology"),
]
