import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { type Channel, termsOf } from './model.ts'
import { percentText } from './ratio.ts'
import { draftOf } from './terms-draft.ts'
import { TermsForm } from './TermsForm.tsx'
import { useDepartments } from './use-channels.ts'

/** What was agreed with the channel and where it is switched on, and the form to change it. */
export function TermsCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [isEditing, setEditing] = useState(false)
  return (
    <section className="card" aria-labelledby="terms-title">
      <div className="card-head">
        <h2 id="terms-title">{t('channels.terms.title')}</h2>
        {!isEditing && may(staff, 'keepChannels') && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('channels.terms.change')}
          </Button>
        )}
      </div>
      {isEditing ? (
        <TermsForm
          name={channel.name}
          enabled={channel.enabled}
          start={draftOf(termsOf(channel))}
          connectedMethods={channel.connectedMethods}
          onDone={() => setEditing(false)}
        />
      ) : (
        <TermsList channel={channel} />
      )}
    </section>
  )
}

function TermsList({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { nameOf } = useDepartments()
  const { methods, scenes, departments, feePpm, feeFixedFen, sharePpm } = channel
  const listOf = (texts: string[]) => texts.join(t('channels.comma'))
  const limit = (amountFen: number | null) =>
    amountFen === null ? t('channels.terms.noLimit') : <Amount fen={amountFen} />
  const facts: [string, ReactNode][] = [
    ['methods', listOf(methods.map((method) => t(`channels:methods.${method}`)))],
    ['scenes', listOf(scenes.map((scene) => t(`channels:scenes.${scene}`))) || '—'],
    [
      'departments',
      departments ? listOf(departments.map(nameOf)) : t('channels.terms.allDepartments'),
    ],
    ['paymentLimit', limit(channel.paymentLimitFen)],
    ['dayLimit', limit(channel.dayLimitFen)],
    ['fee', percentText(feePpm)],
    ['feeFixed', <Amount key="v" fen={feeFixedFen} />],
    ['settlementDays', `T+${channel.settlementDays}`],
    ['share', sharePpm === null ? t('channels.noShare') : percentText(sharePpm)],
    ['order', channel.order],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`channels.terms.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
