import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Go, type Place, places, useGo, type Wishes, withSource } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Toggle } from '../parts/Toggle.tsx'
import { InsuranceSource } from './InsuranceSource.tsx'
import { Reasons } from './Reasons.tsx'
import {
  codeOf,
  isPromptedBy,
  isSilent,
  isWorthSaying,
  offText,
  type Source,
} from './source-words.ts'

/**
 * What those said who might pay a part. The medical insurance pays where it can, so it has no switch of its own; every
 * other source has one: on where it pays, off where the payer does not want it or has not asked for it. One that cannot
 * pay says why, and whoever did not answer in time can be asked again.
 */
export function Sources({ payment, wishes }: SourcesProps) {
  const silent = payment.sources.filter(isSilent)
  const insurance = payment.sources.find(({ provider }) => provider === 'insurance')
  // What is the patient's own to spend is not offered to a carer.
  const own = payment.byCarer ? [] : payment.sources
  const others = own.filter(
    (source) => source.provider !== 'insurance' && !isSilent(source) && isWorthSaying(source),
  )
  return (
    <>
      {silent.map((source) => (
        <SilentSource key={source.provider} source={source} payment={payment} wishes={wishes} />
      ))}
      {insurance && !isSilent(insurance) && (
        <InsuranceSource insurance={insurance} payment={payment} wishes={wishes} />
      )}
      {others.map((source) => (
        <OptionalSource key={source.provider} source={source} payment={payment} wishes={wishes} />
      ))}
    </>
  )
}

export type SourcesProps = { payment: Payment; wishes: Wishes }

/** Nobody said no: there was no answer, and there may be one at another try. */
function SilentSource({ source, payment, wishes }: SourcesProps & { source: Source }) {
  const { t } = useTranslation()
  const go = useGo()
  const { provider } = source
  const name = t(`common:providers.${provider}`, { defaultValue: provider })
  return (
    <div className="held-row">
      <p>
        <Icon name="clock" />
        <span>
          {t('pay.sourceSilent', { source: name })}
          <br />
          {t('pay.payOrWait')}
        </span>
      </p>
      <button
        type="button"
        className="button"
        onClick={() =>
          void go(places.pay(payment.hospitalId, payment.bills, wishes), { replace: true })
        }
      >
        {t('pay.askAgain', { source: name })}
      </button>
    </div>
  )
}

/** A source that the payer may use or leave: its switch, and what it says of itself. */
function OptionalSource({ source, payment, wishes }: SourcesProps & { source: Source }) {
  const { t } = useTranslation()
  const go = useGo()
  const { provider, available } = source
  const label = t([`sources.${provider}.use`, `common:providers.${provider}`])
  const use = (isOn: boolean) =>
    void go(places.pay(payment.hospitalId, payment.bills, withSource(wishes, provider, isOn)), {
      replace: true,
    })
  return (
    <div className="source">
      {available || isPromptedBy(source) ? (
        <Toggle label={label} isOn={available} onChange={use} />
      ) : (
        <p className="source-name">{label}</p>
      )}
      {available ? <Reasons source={source} /> : <Off source={source} />}
    </div>
  )
}

function Off({ source }: { source: Source }) {
  const { t } = useTranslation()
  const place = PLACE_OF[source.provider]
  const canBeWanted = isPromptedBy(source)
  return (
    <p className="note">
      {offText(t, source.provider, codeOf(source))}
      {place && !canBeWanted && (
        <Go place={place} className="text-link">
          {t([`sources.${source.provider}.more`, 'sources.more'])}
        </Go>
      )}
    </p>
  )
}

/** Where the payer can do something about a source that cannot pay. */
const PLACE_OF: Record<string, Place> = {
  commercial: places.cover,
  benefits: places.benefits,
  deposit: places.deposits,
  credit: places.credit,
}
