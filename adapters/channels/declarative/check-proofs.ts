import type { Parameter } from '../../../platform/descriptor/params.ts'
import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import type {
  Opening,
  Sealing,
  SignedText,
  Signing,
  Verification,
} from '../../../platform/descriptor/schema-proofs.ts'
import { namesIn } from '../../../platform/descriptor/templates.ts'
import type { Descriptor } from './schema.ts'

type Format = Parameter['format']

const BYTES: readonly Format[] = ['key_text', 'key_hex', 'key_base64']

const KEYS = {
  'RSA-SHA256': { sign: ['rsa_private_key'], verify: ['rsa_public_key'] },
  'RSA-SHA1': { sign: ['rsa_private_key'], verify: ['rsa_public_key'] },
  SM2: { sign: ['sm2_private_key'], verify: ['sm2_public_key'] },
  'HMAC-SHA256': { sign: BYTES, verify: BYTES },
  MD5: { sign: BYTES, verify: BYTES },
} as const satisfies Record<Signing['algorithm'], Record<'sign' | 'verify', readonly Format[]>>

/** Keys that fit, and texts to sign that can be put together. */
export function checkProofs(descriptor: Descriptor): Problem[] {
  const { wire, answers, notice } = descriptor
  return [
    ...(wire.sign ? checkSigning(descriptor, wire.sign) : [unsigned()]),
    ...(wire.seal ? checkCipher(descriptor, wire.seal, '/wire/seal') : []),
    ...checkVerification(descriptor, answers.verify, '/answers/verify'),
    ...(answers.open ? checkOpening(descriptor, answers.open, '/answers/open') : []),
    ...(notice?.verify ? checkVerification(descriptor, notice.verify, '/notice/verify') : []),
    ...(notice?.open ? checkOpening(descriptor, notice.open, '/notice/open') : []),
    ...(wire.seal && wire.seal.fields === undefined && wire.envelope === undefined
      ? [
          problem(
            '/wire/envelope',
            'missing',
            '整体加密需要 envelope',
            'a sealed body needs an envelope to travel in',
          ),
        ]
      : []),
  ]
}

const unsigned = () => problem('/wire/sign', 'missing', '请求必须签名', 'requests must be signed')

function checkSigning(descriptor: Descriptor, signing: Signing): Problem[] {
  const at = '/wire/sign'
  const { content, header, field, template, key, algorithm } = signing
  const problems = [
    ...keyProblems(descriptor, key, KEYS[algorithm].sign, `${at}/key`),
    ...contentProblems(content, `${at}/content`),
    ...digestProblems(signing, at),
  ]
  if ((header === undefined) === (field === undefined)) {
    problems.push(
      problem(
        at,
        'place',
        'header 与 field 须且只须一个',
        'it goes into a header or into a field, one of the two',
      ),
    )
  }
  const needsBody =
    content.kind === 'body' ||
    namesIn(content.template ?? '').some((name) => name.startsWith('body'))
  if (field !== undefined && needsBody) {
    problems.push(
      problem(
        `${at}/field`,
        'place',
        '签名放在正文里就不能对正文签名',
        'a signature within the body cannot be over the body',
      ),
    )
  }
  if (content.kind === 'member') {
    problems.push(
      problem(`${at}/content/kind`, 'not_here', 'member 只用于验签', 'member is for answers only'),
    )
  }
  if (header !== undefined && template !== undefined && !namesIn(template).includes('signature')) {
    problems.push(
      problem(
        `${at}/template`,
        'no_signature',
        '模板里没有 {signature}',
        'the template does not name {signature}',
      ),
    )
  }
  return problems
}

function checkVerification(descriptor: Descriptor, verify: Verification, at: string): Problem[] {
  const problems = [
    ...verify.keys.flatMap(({ key }, i) =>
      keyProblems(descriptor, key, KEYS[verify.algorithm].verify, `${at}/keys/${i}/key`),
    ),
    ...contentProblems(verify.content, `${at}/content`),
    ...digestProblems(verify, at),
  ]
  if (verify.keyId !== undefined) {
    for (const [i, { id }] of verify.keys.entries()) {
      if (id === undefined) {
        problems.push(
          problem(
            `${at}/keys/${i}/id`,
            'missing',
            '有 keyId 时每把钥匙要有 id',
            'with keyId every key has an id',
          ),
        )
      }
    }
  }
  if (verify.maxAgeSeconds !== undefined && verify.timestamp === undefined) {
    problems.push(
      problem(
        `${at}/timestamp`,
        'missing',
        '限时需要 timestamp',
        'maxAgeSeconds needs a timestamp',
      ),
    )
  }
  if (verify.timestamp !== undefined && verify.maxAgeSeconds === undefined) {
    problems.push(
      problem(
        `${at}/maxAgeSeconds`,
        'missing',
        '有 timestamp 就要限时',
        'a timestamp that is not looked at proves nothing',
      ),
    )
  }
  const known = new Set([
    ...Object.keys(verify.values ?? {}),
    ...openNames(descriptor),
    'body',
    'bodySha256',
    'status',
    ...(at.startsWith('/answers') ? ['requestNonce', 'requestTimestamp'] : []),
  ])
  return [...problems, ...unknownNames(verify.content.template, known, `${at}/content/template`)]
}

const checkOpening = (descriptor: Descriptor, opening: Opening, at: string): Problem[] => [
  ...checkCipher(descriptor, opening, at),
  ...(opening.layout === 'separate' && opening.nonce === undefined
    ? [problem(`${at}/nonce`, 'missing', '缺少 nonce 的位置', 'where the nonce stands is missing')]
    : []),
]

const checkCipher = (descriptor: Descriptor, cipher: Sealing | Opening, at: string): Problem[] =>
  keyProblems(descriptor, cipher.key, BYTES, `${at}/key`)

function keyProblems(
  { parameters }: Descriptor,
  name: string,
  formats: readonly Format[],
  at: string,
): Problem[] {
  const parameter = parameters.find((each) => each.name === name)
  if (parameter === undefined) {
    return [problem(at, 'no_parameter', `没有参数 ${name}`, `there is no parameter ${name}`)]
  }
  if (formats.includes(parameter.format)) return []
  const wanted = formats.join(', ')
  return [
    problem(
      at,
      'wrong_key',
      `${name} 的格式应为 ${wanted}`,
      `${name} must be of the format ${wanted}`,
    ),
  ]
}

function contentProblems(content: SignedText, at: string): Problem[] {
  if (content.kind === 'template' && content.template === undefined) {
    return [problem(`${at}/template`, 'missing', '缺少 template', 'template is missing')]
  }
  if (content.kind === 'member' && content.memberSuffix === undefined) {
    return [
      problem(`${at}/memberSuffix`, 'missing', '缺少 memberSuffix', 'memberSuffix is missing'),
    ]
  }
  return []
}

/** A plain MD5 of the text would be no proof of anything. */
function digestProblems({ algorithm, content }: Signing | Verification, at: string): Problem[] {
  return algorithm === 'MD5' && content.keySuffix === undefined
    ? [
        problem(
          `${at}/content/keySuffix`,
          'missing',
          'MD5 需要 keySuffix',
          'MD5 needs a keySuffix: without the key it proves nothing',
        ),
      ]
    : []
}

/** Parameters that a template may name. */
export const openNames = ({ parameters }: Descriptor): string[] =>
  parameters.filter((parameter) => !isSecretFormat(parameter)).map(({ name }) => name)

const isSecretFormat = ({ secret, format }: Parameter): boolean =>
  secret === true || /private_key|^key_/.test(format)

export function unknownNames(
  template: string | undefined,
  known: ReadonlySet<string>,
  at: string,
): Problem[] {
  return namesIn(template ?? '')
    .filter((name) => !known.has(name))
    .map((name) => problem(at, 'unknown_name', `{${name}} 不可用`, `{${name}} is not known here`))
}
