import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { DepositAccount, DepositMovement } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import type { Flow } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { useAskBack, useDeposit } from './use-deposits.ts'

/** One account: what is in it, what of that is free, and what happened to it. */
export function DepositCard({ hospitalId, account }: DepositCardProps) {
  const { t } = useTranslation('payers')
  const { kind, stayNo, custodyBank, balanceFen, heldFen, freeFen, status } = account
  const [isOpen, setOpen] = useState(false)
  return (
    <article className="card" aria-label={t(`deposits.kinds.${kind}`, { stayNo })}>
      <div className="card-head">
        <h3>{t(`deposits.kinds.${kind}`, { stayNo })}</h3>
        <span className="fine-print">{t(`deposits.statuses.${status}`)}</span>
      </div>
      <p className="total">
        <span>{t('deposits.balance')}</span>
        <Amount fen={balanceFen} />
      </p>
      {heldFen > 0 && status === 'open' && (
        <p className="note">
          {t('deposits.held', { held: amountText(heldFen), free: amountText(freeFen) })}
        </p>
      )}
      {account.isLow && (
        <p className="held-row" role="status">
          <Icon name="clock" />
          {t('deposits.low')}
        </p>
      )}
      {kind === 'outpatient' && <OldPrepayment hospitalId={hospitalId} account={account} />}
      {custodyBank !== '' && (
        <p className="fine-print">{t('deposits.custody', { bank: custodyBank })}</p>
      )}
      <button type="button" className="row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('deposits.movements')}
        <Icon name="down" />
      </button>
      {isOpen && <Movements hospitalId={hospitalId} id={account.id} />}
    </article>
  )
}

/** Why it may only be used up or given back, by when, and the button that asks for it. */
function OldPrepayment({ hospitalId, account }: DepositCardProps) {
  const { t, i18n } = useTranslation('payers')
  const nowMs = useHubNow()
  const [isAsking, setAsking] = useState(false)
  const askBack = useAskBack(hospitalId, account.id)
  const { clearBy, freeFen, heldFen, status } = account
  const isOver =
    clearBy !== null && nowMs !== null && Date.parse(`${clearBy}T23:59:59+08:00`) < nowMs
  const day = clearBy === null ? '' : dayText(clearBy, i18n.language)
  const left = amountText(freeFen)
  return (
    <>
      <div className="why-old">
        <p>{t('deposits.old.rule')}</p>
        {status === 'open' && <p>{t('deposits.old.use')}</p>}
        {day !== '' && account.balanceFen > 0 && (
          <p>{t(isOver ? 'deposits.old.overdue' : 'deposits.old.clearBy', { day })}</p>
        )}
      </div>
      {status === 'closed' && heldFen > 0 && (
        <p className="held-row" role="status">
          <Icon name="returned" />
          {t('deposits.old.onItsWay', { held: amountText(heldFen) })}
        </p>
      )}
      {askBack.error && <FailureBox error={askBack.error} />}
      {status === 'open' && freeFen > 0 && (
        <button
          type="button"
          className="button button-primary"
          disabled={askBack.isPending}
          onClick={() => setAsking(true)}
        >
          {t(askBack.isPending ? 'deposits.old.asking' : 'deposits.old.ask', { left })}
        </button>
      )}
      {isAsking && (
        <Confirm
          title={t('deposits.old.ask', { left })}
          yes={t('deposits.old.askYes')}
          no={t('deposits.old.askNo')}
          onYes={() => {
            setAsking(false)
            askBack.mutate()
          }}
          onNo={() => setAsking(false)}
        >
          {t('deposits.old.askNote')}
        </Confirm>
      )}
    </>
  )
}

function Movements({ hospitalId, id }: { hospitalId: number; id: string }) {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useDeposit(hospitalId, id)
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting rows={3} />
  if (data.movements.length === 0) return <p className="note">{t('deposits.noMovements')}</p>
  return (
    <ul className="rows">
      {data.movements.map((movement) => (
        <li key={`${movement.kind} ${movement.at} ${movement.amountFen}`} className="moved">
          <Movement movement={movement} />
        </li>
      ))}
    </ul>
  )
}

function Movement({ movement: { kind, amountFen, channel, channelNo, at } }: MovementProps) {
  const { t } = useTranslation('payers')
  const name = channel === null ? null : t(`common:providers.${channel}`, { defaultValue: channel })
  return (
    <>
      <span>
        {t(`deposits.kindsOfMove.${kind}`)}
        <span className="fine-print">
          {' '}
          <Moment at={at} />
          {name !== null && (
            <>
              <br />
              {[name, channelNo].filter(Boolean).join(' · ')}
            </>
          )}
        </span>
      </span>
      <Amount fen={amountFen} flow={FLOW_OF[kind]} />
    </>
  )
}

const FLOW_OF: Record<DepositMovement['kind'], Flow> = {
  paid_in: 'in',
  promised: 'held',
  drawn: 'out',
  returned: 'in',
  back_asked: 'held',
  given_back: 'out',
}

type DepositCardProps = { hospitalId: number; account: DepositAccount }
type MovementProps = { movement: DepositMovement }
