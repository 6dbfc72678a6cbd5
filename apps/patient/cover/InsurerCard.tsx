import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CoverageConsent } from '../../../contract/client.ts'
import { momentText } from '../../web/moment.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Toggle } from '../parts/Toggle.tsx'
import { ConsentForm } from './ConsentForm.tsx'
import { FindPolicies } from './FindPolicies.tsx'
import { PolicyCard } from './PolicyCard.tsx'
import { type ConsentText, type Cover, type Insurer, useWithdraw } from './use-cover.ts'

/** One insurer: what it may be told, the policies it pays by, and the papers it may be sent. */
export function InsurerCard({ insurer, cover }: { insurer: Insurer; cover: Cover }) {
  const consentFor = (purpose: CoverageConsent['purpose']) => ({
    text: cover.texts.find((text) => text.purpose === purpose),
    consent:
      cover.consents.find(
        (one) => one.insurerCode === insurer.code && one.purpose === purpose && one.inForce,
      ) ?? null,
  })
  const check = consentFor('policy_check')
  const policies = cover.policies.filter(({ insurerCode }) => insurerCode === insurer.code)
  return (
    <section className="payer" aria-label={insurer.name}>
      <h2>{insurer.name}</h2>
      <ConsentSwitch insurer={insurer} purpose="policy_check" {...check} />
      {policies.map((policy) => (
        <PolicyCard
          key={policy.policyNo}
          insurer={insurer}
          policy={policy}
          isAllowed={check.consent !== null}
        />
      ))}
      {check.consent && <FindPolicies insurer={insurer} bound={policies} />}
      {policies.length > 0 && (
        <ConsentSwitch insurer={insurer} purpose="claim_papers" {...consentFor('claim_papers')} />
      )}
    </section>
  )
}

/** One consent as a switch: switching on shows what is agreed to, switching off asks once more. */
function ConsentSwitch({ insurer, purpose, text, consent }: ConsentSwitchProps) {
  const { t, i18n } = useTranslation('payers')
  const [isGiving, setGiving] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const withdraw = useWithdraw(insurer)
  if (!text) return null
  const end = () => {
    setAsking(false)
    if (consent) withdraw.mutate(consent.id)
  }
  return (
    <div className="card">
      <Toggle
        label={t(`cover.consents.${purpose}.title`)}
        isOn={consent !== null}
        disabled={withdraw.isPending}
        onChange={(on) => (on ? setGiving(true) : setAsking(true))}
      />
      {consent ? (
        <p className="note">
          {t('cover.allowedUntil', { day: momentText(consent.expiresAt, 'day', i18n.language) })}
          {consent.scope.length > 0 && (
            <>
              <br />
              {t('cover.allowedScope', { scope: scopeText(t, consent.scope) })}
            </>
          )}
        </p>
      ) : (
        !isGiving && <p className="note">{t(`cover.consents.${purpose}.off`)}</p>
      )}
      {withdraw.error && <FailureBox error={withdraw.error} />}
      {isGiving && !consent && (
        <ConsentForm insurer={insurer} text={text} onCancel={() => setGiving(false)} />
      )}
      {isAsking && (
        <Confirm
          title={t('cover.withdraw')}
          yes={t('cover.withdrawYes')}
          no={t('cover.withdrawNo')}
          onYes={end}
          onNo={() => setAsking(false)}
        >
          {t(`cover.consents.${purpose}.withdrawNote`)}
        </Confirm>
      )}
    </div>
  )
}

const scopeText = (
  t: ReturnType<typeof useTranslation>['t'],
  scope: CoverageConsent['scope'],
): string => scope.map((what) => t(`cover.scopes.${what}`)).join(t('cover.and'))

type ConsentSwitchProps = {
  insurer: Insurer
  purpose: CoverageConsent['purpose']
  text: ConsentText | undefined
  consent: CoverageConsent | null
}
