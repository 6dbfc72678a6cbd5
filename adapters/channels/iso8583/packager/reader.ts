import type { AppError } from '../../../../kernel/error.ts'
import { packagerErrors } from './packager-error.ts'

/** Goes through bytes from the front and never past their end. It knows which field it is in, for the error. */
export class Reader {
  readonly #profile: string
  readonly #bytes: Buffer
  #offset = 0
  #field = 0

  constructor(profile: string, bytes: Buffer) {
    this.#profile = profile
    this.#bytes = bytes
  }

  enter(field: number): void {
    this.#field = field
  }

  /** Errors: 'iso8583.unreadable' when there are fewer. */
  take(count: number): Buffer {
    const end = this.#offset + count
    if (end > this.#bytes.length) throw this.error('is cut off')
    const taken = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return taken
  }

  /** Errors: 'iso8583.unreadable' when something is left. */
  end(): void {
    const left = this.#bytes.length - this.#offset
    if (left > 0) throw this.error(`is followed by ${left} bytes too many`)
  }

  error(reason: string): AppError {
    const place = { profile: this.#profile, field: this.#field, offset: this.#offset }
    return packagerErrors.unreadable({ ...place, reason })
  }
}
