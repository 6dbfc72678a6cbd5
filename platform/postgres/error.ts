/** What kept a server from starting. The message says what to do; the code is for programs. */
export class EmbeddedPostgresError extends Error {
  readonly code: `postgres.${EmbeddedPostgresProblem}`

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.code = `postgres.${problem}`
  }
}

export type EmbeddedPostgresProblem =
  | 'already_running' // another server uses the data directory; the message names its pid
  | 'backends_left' // a killed server's sessions still end; a moment later it works
  | 'data_dir_unusable'
  | 'identity_unavailable' // root, and no way to be anyone else
  | 'other_major_version'
  | 'password_missing'
  | 'platform_unsupported'
  | 'port_in_use'
  | 'programs_missing'
  | 'setting_refused'
  | 'start_failed'
  | 'start_timeout'

export const isProblem = (error: unknown, problem: EmbeddedPostgresProblem): boolean =>
  error instanceof EmbeddedPostgresError && error.code === `postgres.${problem}`
