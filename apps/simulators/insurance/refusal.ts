/** The centre says no and means it: nothing was done, and asking again the same way is in vain. */
export class Refusal extends Error {
  readonly field: string

  /** The field is named by its place on the wire: 'feedetail[2].pric'. */
  constructor(field: string, reason: string) {
    super(`${field}：${reason}`)
    this.field = field
  }
}
