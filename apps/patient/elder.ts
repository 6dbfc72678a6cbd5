import { useSyncExternalStore } from 'react'

/** The version for older people, 长辈版: larger text and larger things to press. Remembered in the browser. */
export function useElder(): [isElder: boolean, set: (isElder: boolean) => void] {
  return [useSyncExternalStore(subscribe, isElderNow), setElder]
}

/** Shows the page as it was left. Before anything is drawn, so that nothing jumps. */
export function restoreElder(): void {
  show(localStorage.getItem(ELDER_KEY) === 'on')
}

function setElder(isElder: boolean): void {
  localStorage.setItem(ELDER_KEY, isElder ? 'on' : 'off')
  show(isElder)
  for (const listener of listeners) listener()
}

const show = (isElder: boolean) => document.documentElement.classList.toggle('elder', isElder)

const isElderNow = () => document.documentElement.classList.contains('elder')

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const ELDER_KEY = 'yiqiao.elder'
