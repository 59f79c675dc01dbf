/** Where things stand in a text of JSON, which `JSON.parse` does not tell. */

export type Path = readonly (string | number)[]

/** Other white space is none in JSON. */
const blank = /^[ \t\r\n]*/
const token =
  /[ \t\r\n]*(?:([[\]{}:,])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b))/y

class Walk {
  private readonly text: string
  /** Where the walk is, and where its last token begins. */
  at = 0
  begin = 0
  /** Where the value at each path begins. */
  readonly places = new Map<string, number>()

  constructor(text: string) {
    this.text = text
  }

  private next(): string | undefined {
    token.lastIndex = this.at
    const found = token.exec(this.text)
    const what = found?.[1] ?? found?.[2]
    this.begin =
      what === undefined ? this.at + blank.exec(this.text.slice(this.at))![0].length : token.lastIndex - what.length
    if (what !== undefined) this.at = token.lastIndex
    return what
  }

  private peek(): string | undefined {
    const { at } = this
    const what = this.next()
    this.at = at
    return what
  }

  /** Whether a value stands here; otherwise `begin` is where it goes wrong. */
  value(path: Path = []): boolean {
    const what = this.next()
    this.places.set(JSON.stringify(path), this.begin)
    if (what === '[') return this.list(']', (i) => this.value([...path, i]))
    if (what === '{')
      return this.list('}', () => {
        const key = this.next()
        if (!key?.startsWith('"') || this.next() !== ':') return false
        return this.value([...path, JSON.parse(key) as string])
      })
    return what !== undefined && !/^[\]}:,]/.test(what)
  }

  private list(close: string, part: (i: number) => boolean): boolean {
    if (this.peek() === close) return this.next() === close
    for (let i = 0; ; i++) {
      if (!part(i)) return false
      const after = this.next()
      if (after === close) return true
      if (after !== ',') return false
    }
  }

  /** Whatever else there is. */
  end(): void {
    this.next()
  }
}

/** Where a text that is no JSON ceases to be. */
export function wrongAt(text: string): number {
  const walk = new Walk(text)
  if (walk.value()) walk.end()
  return walk.begin
}

/** Where the value at a path begins; if it is missing, where the value that should hold it does. */
export function positionOf(text: string, path: Path): number {
  const walk = new Walk(text)
  walk.value()
  for (let length = path.length; length >= 0; length--) {
    const place = walk.places.get(JSON.stringify(path.slice(0, length)))
    if (place !== undefined) return place
  }
  return 0
}
