import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import type { ApplicationDetail, Key } from './model.ts'
import { useKeeper } from './use-keeper.ts'

/** The public keys by which signed requests are checked. */
export function KeysCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { keepsSecrets } = useKeeper(application)
  const [isOpen, setOpen] = useState(false)
  return (
    <section className="card" aria-labelledby="keys-title">
      <header className="card-head">
        <h2 id="keys-title">{t('partners.key.title')}</h2>
        {keepsSecrets && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('partners.key.add')}
          </Button>
        )}
      </header>
      <KeyList application={application} />
      <Modal
        open={isOpen}
        title={t('partners.key.add')}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <KeyForm application={application} onDone={() => setOpen(false)} />
      </Modal>
    </section>
  )
}

function KeyList({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { hospitalId, keepsSecrets } = useKeeper(application)
  const queryClient = useQueryClient()
  const revoke = api.query.useMutation(
    'delete',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/keys/{keyId}',
    {
      onSuccess: async () => {
        announce(t('partners.key.revoked'))
        await queryClient.invalidateQueries()
      },
    },
  )
  const pathOf = (keyId: string) => ({ hospitalId, id: application.id, keyId })
  return (
    <>
      <ul className="mini-list">
        {application.keys.map(({ id, algorithm, publicKey, validFrom, validUntil }) => (
          <li key={id}>
            <span className="two-lines">
              <code>{algorithm}</code>
              <span className="fine">
                <Moment at={validFrom} form="exact" /> – <Moment at={validUntil} form="exact" />
              </span>
              <details>
                <summary className="fine">{t('partners.key.show')}</summary>
                <code className="partner-code">{id}</code>
                <pre className="partner-code" tabIndex={0}>
                  {publicKey}
                </pre>
              </details>
            </span>
            {keepsSecrets && (
              <Button
                size="small"
                danger
                loading={revoke.isPending}
                onClick={() => revoke.mutate({ params: { path: pathOf(id) } })}
              >
                {t('partners.revoke')}
              </Button>
            )}
          </li>
        ))}
        {application.keys.length === 0 && <li className="fine">{t('partners.key.none')}</li>}
      </ul>
      {revoke.error !== null && <Fault error={revoke.error} />}
    </>
  )
}

const ALGORITHMS = ['rsa-sha256', 'sm2-sm3'] as const satisfies readonly Key['algorithm'][]
const VALID_DAYS = 365

function KeyForm({ application, onDone }: { application: ApplicationDetail; onDone: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const [algorithm, setAlgorithm] = useState<Key['algorithm']>('rsa-sha256')
  const [publicKey, setPublicKey] = useState('')
  const [until, setUntil] = useState<string>(addDays(today(), VALID_DAYS))
  const add = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/keys',
    {
      onSuccess: async () => {
        announce(t('partners.key.added'))
        onDone()
        await queryClient.invalidateQueries()
      },
    },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    const validUntil = instantAt(until as BusinessDate).toISOString()
    const body = { algorithm, publicKey: publicKey.trim(), validUntil }
    add.mutate({ params: { path: { hospitalId, id: application.id } }, body })
  }
  return (
    <form className="partner-form" onSubmit={send}>
      <label>
        {t('partners.key.algorithm')}
        <select
          value={algorithm}
          onChange={(event) => setAlgorithm(event.target.value as Key['algorithm'])}
        >
          {ALGORITHMS.map((each) => (
            <option key={each} value={each}>
              {t(`partners.key.algorithms.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('partners.key.publicKey')}
        <textarea
          value={publicKey}
          rows={6}
          required
          spellCheck={false}
          placeholder="-----BEGIN PUBLIC KEY-----"
          onChange={(event) => setPublicKey(event.target.value)}
        />
        <span className="fine">{t('partners.key.hint')}</span>
      </label>
      <label>
        {t('partners.key.until')}
        <input
          type="date"
          value={until}
          required
          min={addDays(today(), 1)}
          onChange={(event) => setUntil(event.target.value)}
        />
      </label>
      {add.error !== null && <Fault error={add.error} />}
      <footer className="partner-foot">
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t('partners.key.add')}
        </Button>
      </footer>
    </form>
  )
}
