import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Empty } from '../list/Empty.tsx'
import type { Choices, Params } from './model.ts'
import { useChannelName, useDepartments } from './use-channels.ts'
import { useReadable } from './use-params-text.ts'

/** What can take the payment, the best first, each with why; and what cannot, with why not. */
export function ChoicesView({ choices: { ranked, rejected } }: { choices: Choices }) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  return (
    <div className="trial-result" role="status">
      <h3>{t('channels.dryRun.ranked')}</h3>
      {ranked.length === 0 && <Empty text={t('channels.dryRun.noneRanked')} />}
      <ol className="ranked">
        {ranked.map(({ channel, method, tier, costFen, reasons }) => (
          <li key={channel}>
            <p>
              <strong>{nameOf(channel)}</strong> {t(`channels:methods.${method}`)}{' '}
              <span className="fine">
                {t(`channels.tiers.${tier}`)} · {t('channels.dryRun.cost')} <Amount fen={costFen} />
              </span>
            </p>
            <ul className="why-list">
              {reasons.map((reason) => (
                <li key={reason.code + String(reason.params['rule'] ?? '')}>
                  <Why group="reasons" {...reason} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {rejected.length > 0 && (
        <>
          <h3>{t('channels.dryRun.rejected')}</h3>
          <ul className="why-list">
            {rejected.map(({ channel, reason }) => (
              <li key={channel}>
                <strong>{nameOf(channel)}</strong> <Why group="rejections" {...reason} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

type WhyProps = { group: 'reasons' | 'rejections'; code: string; params: Params }

/** The words that a payer reads, and beside them the figures that are for the hospital alone. */
function Why({ group, code, params }: WhyProps) {
  const { t } = useTranslation()
  const readable = useReadable()
  const { nameOf: departmentName } = useDepartments()
  const scene = params['scene']
  const department = params['department']
  const told = {
    ...readable(params),
    ...(scene ? { scene: t(`channels:scenes.${scene}`) } : {}),
    ...(department ? { department: departmentName(String(department)) } : {}),
  }
  const figures = t(`channels.whyFigures.${code}`, { ...told, defaultValue: '' })
  return (
    <>
      {t(`channels:${group}.${code}`, told)}
      {figures && <span className="fine"> {figures}</span>}
    </>
  )
}
