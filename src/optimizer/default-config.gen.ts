// Written by scripts/write-default-config.ts from config.ts; a test holds it to that.
import type { Config } from './config.ts';

/** The configuration of whoever sets nothing. */
export const DEFAULT_CONFIG: Omit<Config, 'dataDir'> = {
  "preset": "balanced",
  "model": "gpt-4o",
  "server": {
    "host": "127.0.0.1",
    "port": 7273,
    "maxBodyBytes": 33554432,
    "allowedHosts": [],
    "allowedOrigins": []
  },
  "upstreams": {
    "openai": {
      "url": "https://api.openai.com",
      "connectTimeoutMs": 10000,
      "headTimeoutMs": 600000,
      "bodyTimeoutMs": 300000
    },
    "anthropic": {
      "url": "https://api.anthropic.com",
      "connectTimeoutMs": 10000,
      "headTimeoutMs": 600000,
      "bodyTimeoutMs": 300000
    }
  },
  "cache": {
    "ttlSeconds": 86400,
    "maxEntries": 100000,
    "maxBytes": 1073741824,
    "maxEntryBytes": 1048576,
    "normalize": "safe",
    "replayAgentTurns": false
  },
  "semantic": {
    "maxFalseHitRate": 0.01,
    "exploreShare": 0.05,
    "verifyShare": 0.02,
    "shadowShare": 0.01,
    "maxEntries": 100000,
    "includePersonal": false,
    "embedder": {
      "kind": "static"
    }
  },
  "toolSelection": {
    "mode": "drop",
    "maxTools": 10,
    "holdThinking": true,
    "minTools": 20,
    "pinned": [],
    "excluded": [],
    "minRecall": 0.95,
    "recallWindow": 500,
    "compaction": "off"
  },
  "ledger": {
    "flushMs": 40,
    "retentionDays": 400
  },
  "logs": {
    "storeMemory": true
  },
  "mcpProxy": {
    "servers": {},
    "maxTools": 10,
    "pinned": [],
    "startTimeoutMs": 20000,
    "callTimeoutMs": 120000
  },
  "stages": {}
};
