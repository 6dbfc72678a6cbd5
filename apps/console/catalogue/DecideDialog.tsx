import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CatalogueItem } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { type Chosen, EntrySearch } from './EntrySearch.tsx'
import { matchText } from './words.ts'

const MOST_LETTERS = 300

/** Which entry an item is, and why: proposals with their reasons first, then the whole catalogue. */
export function DecideDialog({ item, onClose }: { item: CatalogueItem; onClose: () => void }) {
  const { t } = useTranslation('catalogue')
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [reason, setReason] = useState('')
  const decide = useDecide(item, onClose)
  const obstacle = chosen === null ? 'noChoice' : reason.trim() === '' ? 'noReason' : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen !== null && obstacle === null) decide.send(chosen.code, reason.trim())
  }
  return (
    <Modal
      open
      title={t('desk.matchOf', { name: item.name })}
      onCancel={onClose}
      footer={null}
      width="46rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="refund" onSubmit={submit}>
        <p>
          {[item.code, item.spec, `${amountText(item.unitPriceFen)}/${item.unit}`]
            .filter(Boolean)
            .join(' · ')}
          <br />
          <span className="fine">{t('desk.nationalCode', { code: item.nationalCode ?? '—' })}</span>
        </p>
        <Proposals item={item} chosen={chosen} onChoose={setChosen} />
        <EntrySearch onChoose={setChosen} />
        {chosen !== null && (
          <p role="status">
            {t('desk.chosen')} <strong>{chosen.name}</strong> {chosen.code ?? ''}
          </p>
        )}
        <label>
          {t('desk.reason')}
          <textarea
            rows={2}
            maxLength={MOST_LETTERS}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {decide.error !== null && <Fault error={decide.error} />}
        <footer className="refund-foot">
          {obstacle && <p className="fine">{t(`desk.not.${obstacle}`)}</p>}
          <Button
            type="primary"
            htmlType="submit"
            disabled={obstacle !== null}
            loading={decide.isPending}
          >
            {t('desk.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

function Proposals({ item, chosen, onChoose }: ProposalsProps) {
  const { t } = useTranslation('catalogue')
  const none: Chosen = { code: null, name: t('desk.noEntry') }
  return (
    <fieldset className="refund-lines">
      <legend>{t('desk.proposals')}</legend>
      <ul>
        {item.candidates.map(({ code, name, confidence, reasons }) => (
          <li key={code}>
            <label>
              <input
                type="radio"
                name="entry"
                checked={chosen?.code === code}
                onChange={() => onChoose({ code, name })}
              />{' '}
              {name} <span className="fine">{t('desk.sure', { confidence })}</span>
              <br />
              <span className="fine">
                {[code, ...reasons.map((reason) => matchText(t, reason))].join(' ')}
              </span>
            </label>
          </li>
        ))}
        <li>
          <label>
            <input
              type="radio"
              name="entry"
              checked={chosen !== null && chosen.code === null}
              onChange={() => onChoose(none)}
            />{' '}
            {none.name} <span className="fine">{t('desk.noEntryHint')}</span>
          </label>
        </li>
      </ul>
    </fieldset>
  )
}

function useDecide({ code }: CatalogueItem, onDone: () => void) {
  const { t } = useTranslation('catalogue')
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const { mutate, error, isPending } = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/catalogue/items/{itemCode}/decision',
    {
      onSuccess: async () => {
        announce(t('desk.saved'))
        await queryClient.invalidateQueries()
        onDone()
      },
    },
  )
  const send = (entryCode: string | null, reason: string) =>
    mutate({ params: { path: { hospitalId, itemCode: code } }, body: { entryCode, reason } })
  return { send, error, isPending }
}

type ProposalsProps = {
  item: CatalogueItem
  chosen: Chosen | null
  onChoose: (chosen: Chosen) => void
}
