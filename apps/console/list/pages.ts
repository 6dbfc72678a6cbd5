/**
 * Reads a list to its end, page by page: each page is asked for when the one before has been used, so that a
 * long list never stands in memory twice. Stops after `most` rows; `onLimit` is then told.
 */
export async function* everyRow<Row, Cursor>(list: {
  page: (cursor: Cursor | undefined, limit: number) => Promise<readonly Row[]>
  cursorOf: (row: Row) => Cursor
  limit: number
  most: number
  onLimit: () => void
}): AsyncGenerator<Row> {
  let cursor: Cursor | undefined
  let given = 0
  for (;;) {
    const rows = await list.page(cursor, list.limit)
    for (const row of rows) {
      if (given === list.most) {
        list.onLimit()
        return
      }
      given += 1
      yield row
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < list.limit) return
    cursor = list.cursorOf(last)
  }
}
