import { readFileSync } from 'node:fs'
import { AppError } from '../errors.ts'
import { isLeaked } from './leaked-passwords.ts'

/** NIST SP 800-63B-4: 15 characters where a password stands alone; no rules of composition; a list of bad ones. */
export const shortestPassword = 15
export const longestPassword = 128

/** What a person would put into a password because it is at hand. */
export interface PasswordOwner {
  email: string
  name?: string
}

/**
 * Refuses passwords that are too short, or long only by repeating, counting or joining what everybody uses.
 * @throws {AppError} bad_input, at the form's `field`
 */
export function checkPassword(password: string, owner: PasswordOwner, field: string): void {
  const problem = passwordProblem(password, owner)
  if (problem) throw new AppError('bad_input', 'password refused', { fields: { [field]: problem } })
}

/** What is wrong with a password, in words for its owner; null when nothing is. */
export function passwordProblem(password: string, owner: PasswordOwner): string | null {
  if (password.length < shortestPassword) {
    return `Use at least ${shortestPassword} characters. Four or five words in a row are easy to remember.`
  }
  if (password.length > longestPassword) return `Use at most ${longestPassword} characters.`
  if (new Set(password.toLowerCase()).size < 6) return `Use more different characters. ${advice}`
  if (isRepetition(password.toLowerCase())) return `This repeats a short piece. ${advice}`
  if (isLeaked(password.toLowerCase()))
    return `This password was leaked elsewhere and is tried first. ${advice}`
  if (ownRemainder(password, owner) < leastOwn) {
    return `This is made of words, sequences or names that are tried first. ${advice}`
  }
  return null
}

const advice = 'Choose four or five unrelated words, or let a password manager choose.'

/** So many characters must be left when everything common has been taken out. */
const leastOwn = 6

function ownRemainder(password: string, { email, name = '' }: PasswordOwner): number {
  const personal = `${email} ${name}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const pieces = [...commonPieces, ...personal.filter(piece => piece.length >= 3)]
  pieces.sort((one, other) => other.length - one.length)
  const plain = password.toLowerCase()
  return Math.min(...[plain, withoutLeet(plain)].map(text => leftOf(text, pieces)))
}

function leftOf(text: string, pieces: readonly string[]): number {
  let rest = text
  for (const piece of pieces) rest = rest.replaceAll(piece, ' ')
  const characters = rest.replace(sequences, ' ').replace(/[^\p{L}\p{N}]+/gu, '')
  // Digits at the ends of a word are a year or a counter.
  return characters.replace(/^\d+|\d+$/g, '').length
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length++) {
    const piece = text.slice(0, length)
    if (piece.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return true
  }
  return false
}

const letters: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const withoutLeet = (text: string) =>
  text.replace(/[013457@$!]/g, character => letters[character] ?? character)

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  '1q2w3e4r5t6z7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb',
  '1q2w3e4r5t6y7u8i9o0p',
]

/** Runs of four and more along the alphabet, the digits or a keyboard, either way. */
const sequences = new RegExp(
  [...rows, ...rows.map(row => [...row].reverse().join(''))]
    .flatMap(runsOf)
    .sort((one, other) => other.length - one.length)
    .join('|'),
  'g',
)

function runsOf(row: string): string[] {
  const runs: string[] = []
  for (let from = 0; from < row.length; from++) {
    for (let to = from + 4; to <= row.length; to++) runs.push(row.slice(from, to))
  }
  return runs
}

const commonPieces = readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
