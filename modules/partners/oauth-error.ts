/** What a token request may end with. Source: RFC 6749 §5.2; too_many_attempts and not_allowed are answers of our own. */
export type OauthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable'

const STATUS: Record<OauthErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  temporarily_unavailable: 429,
}

/** Ends a request to the OAuth routes, in the shape that their clients know. */
export class OauthError extends Error {
  readonly code: OauthErrorCode
  readonly retryAfterS: number | null

  constructor(code: OauthErrorCode, description: string, retryAfterS: number | null = null) {
    super(description)
    this.code = code
    this.retryAfterS = retryAfterS
  }

  get status(): number {
    return STATUS[this.code]
  }
}
