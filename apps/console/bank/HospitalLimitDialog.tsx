import { Button, Modal, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { LenderHospital } from './model.ts'
import { useActor, useHospitalName } from './names.ts'
import { useSetHospitalLimit } from './use-lending.ts'
import { useBankWords } from './words.ts'

const MOST_LETTERS = 200
const MOST_LIMIT_FEN = 100_000_000_000

type HospitalLimitDialogProps = { limit: LenderHospital; onClose: () => void }

/** Sets a hospital's limit with a reason, beside all that was set before. */
export function HospitalLimitDialog({ limit, onClose }: HospitalLimitDialogProps) {
  const { t } = useBankWords()
  const staff = useStaff()
  const hospitalName = useHospitalName()
  return (
    <Modal
      open
      title={t('hospitals.changeOf', { hospital: hospitalName(limit.hospitalId) })}
      onCancel={onClose}
      footer={null}
      width="40rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        {may(staff, 'decideLending') ? (
          <LimitForm limit={limit} onClose={onClose} />
        ) : (
          <p className="notice-held">{t('readOnly')}</p>
        )}
        <History hospitalId={limit.hospitalId} />
      </div>
    </Modal>
  )
}

function LimitForm({ limit, onClose }: HospitalLimitDialogProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [typed, setTyped] = useState(toYuanText(fen(limit.limitFen)))
  const [reason, setReason] = useState('')
  const path = { lenderId, careHospitalId: limit.hospitalId }
  const save = useSetHospitalLimit(path, { words: t('hospitals.saved'), onDone: onClose })
  const limitFen = parseYuan(typed.trim())
  const isWrong = limitFen === null || limitFen < 0 || limitFen > MOST_LIMIT_FEN
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isWrong && reason.trim() !== '') save.mutate({ limitFen, reason: reason.trim() })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <p>
        {t('hospitals.limit')} <Amount fen={limit.limitFen} /> · {t('hospitals.used')}{' '}
        <Amount fen={limit.usedFen} />
      </p>
      <TextField
        label={t('hospitals.newLimit')}
        value={typed}
        isNumber
        isWrong={isWrong}
        hint={t(isWrong ? 'hospitals.wrongLimit' : 'hospitals.kept')}
        onChange={setTyped}
      />
      <label>
        {t('hospitals.reason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {save.error !== null && <Fault error={save.error} />}
      <Button
        type="primary"
        htmlType="submit"
        disabled={isWrong || reason.trim() === ''}
        loading={save.isPending}
      >
        {t('hospitals.save')}
      </Button>
    </form>
  )
}

function History({ hospitalId: careHospitalId }: { hospitalId: number }) {
  const { t } = useBankWords()
  const actor = useActor()
  const { hospitalId: lenderId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/hospital-limits/{careHospitalId}/changes',
    { params: { path: { lenderId, careHospitalId } } },
  )
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">{t('hospitals.history')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 2 }} />}
      {data?.items.length === 0 && <Empty text={t('hospitals.noHistory')} />}
      <ul className="mini-list">
        {data?.items.map((change) => (
          <li key={change.at}>
            <span className="two-lines">
              <span>{change.reason ?? t('hospitals.noReason')}</span>
              <span className="fine">
                {actor(change.actor)} <Moment at={change.at} form="exact" />
              </span>
            </span>
            <Amount fen={change.limitFen} />
          </li>
        ))}
      </ul>
    </section>
  )
}
