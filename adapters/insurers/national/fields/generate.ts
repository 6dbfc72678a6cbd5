import { assert } from '../../../../kernel/assert.ts'
import { NODES, type NodeClasses } from './nodes.ts'
import { CORRECTIONS, type FieldRows, SUPPLEMENT } from './supplement.ts'

// Makes tables.gen.ts of the field tables of the base line and of what stands elsewhere in the documents.
// tables.test.ts holds the file against it; to write the file anew: npx vitest run fields/tables -u

/** The text of tables.gen.ts. Asserts on a row it cannot read and on a class that is not there. */
export function generateTables(baseLine: FieldRows): string {
  const rows = merged(baseLine, SUPPLEMENT)
  const known = knownFields(baseLine)
  const titles = Object.entries(NODES).map(([infno, { title }]) => `  '${infno}': '${title}',`)
  const nodes = Object.entries(NODES).flatMap(([infno, { from = infno, input, output }]) => {
    const linesOf = (direction: Direction, classes: NodeClasses) =>
      Object.entries(classes).map(([node, className]) => {
        const found = rows[from]?.[className]
        assert(found !== undefined, `${from} has a class ${className}`)
        const where = `${infno} ${direction} ${node}`
        const fields = corrected(where, found)
        return entry(where, fields.map((row) => notationOf(row, known, direction)).join(' '))
      })
    return [...linesOf('in', input), ...linesOf('out', output)]
  })
  return [
    HEAD,
    'export const TITLES = {',
    ...titles,
    '} as const',
    '',
    'export const TABLES = {',
    ...nodes,
    '} as const',
    '',
  ].join('\n')
}

const HEAD = `// Made by generate.ts: change base-line.json, nodes.ts or supplement.ts and make it anew.
// The notation of a field is told in table.ts.
`

/** As oxfmt writes it. */
function entry(key: string, text: string): string {
  const line = `  '${key}': '${text}',`
  return line.length <= LINE ? line : `  '${key}':\n    '${text}',`
}

const LINE = 100

const merged = (rows: FieldRows, more: FieldRows): FieldRows => ({
  ...rows,
  ...Object.fromEntries(
    Object.entries(more).map(([infno, classes]) => [infno, { ...rows[infno], ...classes }]),
  ),
})

function corrected(where: string, rows: readonly string[]): string[] {
  const corrections = CORRECTIONS[where] ?? []
  const names = new Set(corrections.map(nameOf))
  const kept = rows.filter((row) => !names.has(nameOf(row)))
  // Two classes of one transaction may share a row; the first stands.
  const once = kept.filter((row, i) => kept.findIndex((x) => nameOf(x) === nameOf(row)) === i)
  return [...once, ...corrections.filter((row) => !row.endsWith(' left-out'))]
}

const nameOf = (row: string): string => row.split(' ')[0] ?? ''

/** What the typed tables say of a name: the national data standard gives a name one meaning. */
function knownFields(rows: FieldRows): ReadonlyMap<string, Field> {
  const known = new Map<string, Field>()
  for (const classes of Object.values(rows)) {
    for (const [className, fields] of Object.entries(classes)) {
      for (const row of fields) {
        const field = fieldOf(row)
        if (field.type === '?') continue
        // What an answer always holds need not be sent always.
        const isRequired = field.isRequired && INPUT_CLASS.test(className)
        known.set(field.name, widest(known.get(field.name), { ...field, isRequired }))
      }
    }
  }
  return known
}

function widest(a: Field | undefined, b: Field): Field {
  if (!a) return b
  const longer = Number(b.length.split(',')[0]) > Number(a.length.split(',')[0]) ? b : a
  return {
    ...longer,
    isRequired: a.isRequired || b.isRequired,
    isListed: a.isListed || b.isListed,
  }
}

const INPUT_CLASS = /^In|^(FeeDetail|MdtrtInfo|Diseinfo|FsDownloadIn)$/

function notationOf(row: string, known: ReadonlyMap<string, Field>, to: Direction): string {
  const own = fieldOf(row)
  const other = known.get(own.name)
  const isTyped = own.type !== '?'
  const type = isTyped ? own.type : (other?.type ?? '?')
  const length = own.length || (other?.length ?? '')
  const isRequired = isTyped ? own.isRequired : to === 'in' && other?.isRequired === true
  const isListed = own.isListed || (other?.isListed ?? false)
  const shape = shapeOf(type, length)
  return `${own.name}:${shape}${isRequired ? '!' : ''}${isListed ? '#' : ''}`
}

/** Without a length anywhere, a text or number is of any. */
function shapeOf(type: string, length: string): string {
  const letter = LETTERS[type] ?? 'x'
  if (letter !== 's' && letter !== 'n') return letter
  if (length === '') return letter === 's' ? 'x' : 'n16.6'
  return letter + length.replace(',', '.')
}

const LETTERS: Readonly<Record<string, string>> = {
  string: 's',
  decimal: 'n',
  date: 'd',
  datetime: 't',
  bytes: 'b',
  list: 'l',
}
function fieldOf(row: string): Field {
  const match = /^(\S+) ([a-z]+|\?)(?:\(([\d,]+)\))?((?: required| flagY| dict)*)(?: .*)?$/.exec(
    row,
  )
  assert(match !== null, `"${row}" is a row of a field table`)
  const [, name = '', type = '', length = '', marks = ''] = match
  // One Y whose column was lost: of a date it can only mean "required", of a code only "from a list".
  const isAmbiguous = marks.includes('flagY')
  const isCode = type === 'string' && length !== '' && Number(length) <= LONGEST_CODE
  return {
    name,
    type,
    length,
    isRequired: marks.includes('required') || (isAmbiguous && !isCode),
    isListed: marks.includes('dict') || (isAmbiguous && isCode),
  }
}

const LONGEST_CODE = 6

type Direction = 'in' | 'out'
type Field = {
  name: string
  type: string
  length: string
  isRequired: boolean
  isListed: boolean
}
