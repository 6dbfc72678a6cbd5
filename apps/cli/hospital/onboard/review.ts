import { parse, parseDocument, stringify } from 'yaml'

import {
  mustReadProduct,
  type Product,
  readProduct,
} from '../../../../adapters/hospitals/declarative/index.ts'
import { type DraftContent, readReviewFile } from '../../../../modules/hospitals/index.ts'
import { isSecret, type Parameter, readParams } from '../../../../platform/descriptor/params.ts'
import { readParams as readTexts, readText, Unusable } from '../../channel/files.ts'
import { formatProblems } from '../../channel/format.ts'

/** A reviewable file as the commands use it: what is saved, and the names of the secrets that were not given. */
export type Review = { content: DraftContent; secretsMissing: readonly string[] }

/**
 * Reads the file and the secrets beside it. Errors: Unusable for a file that is none or holds a secret in the open;
 * an AppError that names the first thing which is wrong, never a value. Of a secret that was not given nothing is known:
 * where the hub has it already, it stays.
 */
export function readReview(file: string, secretsFile: string | undefined): Review {
  const text = readText(file)
  const secrets = secretsFile === undefined ? {} : givenIn(readTexts(secretsFile))
  const wanted = [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => [name])
  const missing = wanted.filter((name) => !Object.hasOwn(secrets, name))
  const open = Object.fromEntries(missing.map((name) => [name, '']))
  const content = readReviewFile(text, { ...open, ...secrets })
  const { parameters } = productIn(file, content.product)
  const shown = shownSecrets(text, parameters)
  if (shown.length > 0) {
    throw new Unusable(
      `${file}: ${shown.join(', ')} 是密钥，请写入密钥文件 / are secrets: put them into the file of --secrets`,
    )
  }
  const written = Object.entries(content.params).filter(([, value]) => value !== '')
  const asked = parameters.filter(({ name }) => !missing.includes(name))
  const params = readParams(asked, Object.fromEntries(written))
  return { content: { ...content, params }, secretsMissing: missing }
}

/** Errors: Unusable with every problem by its line in the descriptor. */
function productIn(file: string, descriptor: string): Product {
  const read = readProduct(descriptor)
  if (read.outcome === 'read') return read.product
  throw new Unusable(formatProblems(`${file} /product/descriptor`, read.problems))
}

const PLACEHOLDER = /\$\{secret:([A-Za-z0-9_]{1,60})\}/g

const givenIn = (all: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))

function shownSecrets(text: string, parameters: readonly Parameter[]): string[] {
  const { params = {} } = parse(text) as { params?: Record<string, string> }
  return parameters
    .filter(isSecret)
    .map(({ name }) => name)
    .filter((name) => {
      const written = params[name] ?? ''
      return written !== '' && written !== placeholderOf(name)
    })
}

const placeholderOf = (name: string): string => `\${secret:${name}}`

/** The same text with these departments mapped as well; comments and all else stay. */
export function withDepartments(
  text: string,
  departments: Readonly<Record<string, string>>,
): string {
  const document = parseDocument(text)
  for (const [code, subject] of Object.entries(departments)) {
    document.setIn(['departments', code], subject)
  }
  return document.toString({ lineWidth: 0 })
}

/** A file to begin from, with a comment for whatever a person has to fill in. */
export function starterOf(product: string): string {
  const { name, titles, parameters, codes = {}, specimen } = mustReadProduct(product)
  const head = [
    `# ${titles.zh} / ${titles.en}`,
    ...(specimen ? [`# 样例 specimen: ${specimen.zh} / ${specimen.en}`] : []),
    '# 医院接入文件：填好后由另一人复核。密钥不写在这里。',
    '# What the hospital is brought live with, for another person to review. No secret stands in it.',
  ]
  const about = stringify({ format: 1, product: { name, descriptor: product } }, { lineWidth: 0 })
  return [
    ...head,
    about.trimEnd(),
    '',
    '# 参数 parameters',
    'params:',
    ...parameters.flatMap((parameter) => linesOf(parameter)),
    '',
    "# 科室代码对应的诊疗科目代码 by the hospital’s code of a department: the code of its 诊疗科目, as '0101': '03.04'",
    'departments: {}',
    '',
    '# 医院自己的代码，按码表 the hospital’s own words, by code table; they stand before the product’s',
    ...Object.entries(codes).map(
      ([table, words]) => `#   ${table}: ${Object.keys(words).join(' ')}`,
    ),
    'codes: {}',
    '',
  ].join('\n')
}

/** The secrets of the product by name, to be filled in and kept to oneself; null where it has none. */
export function secretsOf(product: string): string | null {
  const secret = mustReadProduct(product).parameters.filter(isSecret)
  if (secret.length === 0) return null
  const lines = secret.flatMap(({ name, title, format }) => [
    `# ${title.zh} / ${title.en} (${format})`,
    `${name}: ''`,
  ])
  return ['# 只留在自己手里，不要提交或发送 keep it to yourself', ...lines, ''].join('\n')
}

function linesOf(parameter: Parameter): string[] {
  const { name, title, format, optional: isOptional, pattern, example } = parameter
  const notes = [
    format,
    ...(isOptional ? ['可不填 may be left out'] : []),
    ...(pattern === undefined ? [] : [pattern]),
    ...(example === undefined ? [] : [`例 like ${example}`]),
  ]
  const value = isSecret(parameter) ? `'${placeholderOf(name)}'` : "''"
  return [`  # ${title.zh} / ${title.en} (${notes.join(', ')})`, `  ${name}: ${value}`]
}
