import { ApiProblem } from "./problem";

/** The codes and words that the server gave for one field; empty when it gave none. */
export function fieldErrors(error: unknown, field: string): { code: string; detail: string }[] {
  return error instanceof ApiProblem ? (error.errors[field] ?? []) : [];
}
