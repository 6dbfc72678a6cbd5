import { Icon } from '../shell/Icon.tsx'
import { useLedgerWords } from './words.ts'

const STEPS = ['one', 'two', 'three', 'four'] as const

const TOOLS = [
  { name: 'page', href: '/v1/proof-check' },
  { name: 'script', href: '/v1/proof-check/script' },
  { name: 'sm2', href: '/v1/proof-check/sm2' },
] as const

/** How somebody checks a proof without us, with what that takes; docs/proofs says the same at length. */
export function VerifyCard() {
  const { t } = useLedgerWords()
  return (
    <section className="card ledger-verify" aria-labelledby="verify-title">
      <h2 id="verify-title">{t('verify.title')}</h2>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>{t(`verify.${step}`)}</li>
        ))}
      </ol>
      <p className="ledger-acts">
        {TOOLS.map(({ name, href }) => (
          <a key={name} href={href} download>
            <Icon name="download" /> {t(`verify.${name}`)}
          </a>
        ))}
      </p>
      <pre>
        <code>node check-proof.mjs proof.json</code>
      </pre>
      <p className="fine">
        {t('verify.whole')} <code>bin/yiqiao ledger verify</code>
      </p>
    </section>
  )
}
