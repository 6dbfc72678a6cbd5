import { inflateSync } from 'node:zlib'

import { assert } from '../../../kernel/assert.ts'

/** A piece of text as it lies on a page, from the lower left corner: several runs of one line are one piece. */
export type Piece = { x: number; y: number; size: number; text: string }

/**
 * Reads a document back by its table of offsets, as a viewer does. Errors: throws when an offset does not lead to
 * its object, a length is not that of its stream, or a stream does not inflate.
 */
export function readPdf(file: Buffer): { objects: string[]; info: string; pages: Piece[][] } {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file.toString('latin1'))?.[1])
  const [table = '', trailer = ''] = file.subarray(start).toString('latin1').split('trailer\n')
  const [, count] = /^xref\n0 (\d+)\n0000000000 65535 f \n/.exec(table) ?? []
  const entries = [...table.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
  assert(entries.length === Number(count) - 1, 'the table has an entry for each object')
  assert(trailer.includes(`/Size ${count} `), 'the trailer counts the objects')
  const objects = entries.map((offset, i) => {
    const end = entries[i + 1] ?? start
    const head = `${i + 1} 0 obj\n`
    const object = file.subarray(offset, end).toString('latin1')
    assert(object.startsWith(head) && object.endsWith('\nendobj\n'), `object ${i + 1} is there`)
    return object.slice(head.length, -'\nendobj\n'.length)
  })
  const object = (id: string | undefined) => objects[Number(id) - 1] ?? ''
  const catalog = object(/\/Root (\d+) 0 R/.exec(trailer)?.[1])
  const tree = object(/\/Pages (\d+) 0 R/.exec(catalog)?.[1])
  const kids = [...(/\/Kids \[(.*?)\]/.exec(tree)?.[1] ?? '').matchAll(/(\d+) 0 R/g)]
  assert(tree.includes(`/Count ${kids.length} `), 'the tree counts the pages')
  const pages = kids.map(([, id]) =>
    piecesOf(streamOf(object(/\/Contents (\d+) 0 R/.exec(object(id))?.[1]))),
  )
  return { objects, info: object(/\/Info (\d+) 0 R/.exec(trailer)?.[1]), pages }
}

function streamOf(object: string): string {
  const [, length, data = ''] =
    /\/Length (\d+) [\s\S]*?stream\n([\s\S]*)\nendstream$/.exec(object) ?? []
  assert(data.length === Number(length), 'the stream is as long as it says')
  return inflateSync(Buffer.from(data, 'latin1')).toString('latin1')
}

const piecesOf = (content: string): Piece[] =>
  [...content.matchAll(/BT 1 0 0 1 (\S+) (\S+) Tm (.*?) ET/g)].map(([, x, y, runs = '']) => {
    const parts = [...runs.matchAll(/\/([CL]) (\S+) Tf <([0-9a-f]*)> Tj/g)]
    const text = parts.map(([, font, , hex = '']) => textOf(hex, font === 'C')).join('')
    return { x: Number(x), y: Number(y), size: Number(parts[0]?.[2]), text }
  })

/** Chinese is big-endian UTF-16, Latin a byte for each letter. */
export const textOf = (hex: string, isWide: boolean): string =>
  isWide
    ? Buffer.from(hex, 'hex').swap16().toString('utf16le')
    : Buffer.from(hex, 'hex').toString('latin1')
