/** A request that is not answered as asked: thrown by handlers, shown as a page. */
export class Refusal extends Error {
  readonly status: number;
  /** The body's `data-page`. */
  readonly page: string;

  constructor(status: number, page: string, message: string) {
    super(message);
    this.status = status;
    this.page = page;
  }
}

/** 400: a field or parameter is missing or out of its limits. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, 'BadRequest', message);
}

/** 401: no session, or wrong nickname or password. */
export function loginRequired(message: string): Refusal {
  return new Refusal(401, 'LoginRequired', message);
}

/** 404: there is no such thing. */
export function notFound(what: string): Refusal {
  return new Refusal(404, 'NotFound', `There is no ${what}.`);
}

/** 409: it was there, but somebody was faster. */
export function conflict(message: string): Refusal {
  return new Refusal(409, 'Conflict', message);
}
